package org.imagingingestion.camel.dicomweb;

import org.imagingingestion.dicom.service.SenderException;

/** A request of more bytes than are taken. */
class PayloadTooLargeException extends SenderException {
    PayloadTooLargeException(long most) {
        super("The request has more than " + most + " bytes");
    }
}
