package org.imagingingestion.dicom.net;

/** Either side ended the association at once (PS3.8 §7.3, §7.4). */
public final class AssociationAbortedException extends AssociationException {
    private static final long serialVersionUID = 1L;

    AssociationAbortedException(String message) {
        super(message);
    }

    AssociationAbortedException(String message, Throwable cause) {
        super(message, cause);
    }
}
