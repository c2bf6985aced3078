package org.imagingingestion.dicom.net;

import java.io.IOException;

/** A PDU that is not one, and the reason to abort for it (PS3.8 §9.3.8). */
final class PduException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int reason;

    PduException(int reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Of {@link Pdu.Abort}. */
    int reason() {
        return reason;
    }
}
