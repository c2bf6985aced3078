package org.imagingingestion.dicom.net;

import java.io.IOException;

/** An association that came to nothing, or to an end that nobody asked for. No patient's data is in the message. */
public class AssociationException extends IOException {
    private static final long serialVersionUID = 1L;

    public AssociationException(String message) {
        super(message);
    }

    public AssociationException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether another attempt may come to more. */
    public boolean isTransient() {
        return true;
    }
}
