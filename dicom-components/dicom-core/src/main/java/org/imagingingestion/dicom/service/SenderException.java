package org.imagingingestion.dicom.service;

import java.io.IOException;

/** The sender of an instance broke off, or sent what is not well-formed; it is no fault of the one who stores. */
public class SenderException extends IOException {
    public SenderException(String message) {
        super(message);
    }

    public SenderException(String message, Throwable cause) {
        super(message, cause);
    }
}
