package org.imagingingestion.dicom.service;

import java.io.IOException;

/**
 * The service that keeps objects does not do what it is asked for, and may do so later. The message names no object and may be
 * told to anybody.
 */
public class UnavailableException extends IOException {
    public UnavailableException(String message) {
        super(message);
    }
}
