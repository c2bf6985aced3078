package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.SenderException;

/**
 * A request to another system that it refused, or that it did not answer. The message has no patient data, and no UID, unless
 * {@code logPhi} lets it quote the server.
 */
public class DicomwebException extends DicomException {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;

    public DicomwebException(DicomStatus status, int httpStatus, String message) {
        super(status, message);
        this.httpStatus = httpStatus;
    }

    private DicomwebException(String message, IOException cause) {
        super(DicomStatus.PROCESSING_FAILURE, message, cause);
        this.httpStatus = 0;
    }

    /** An answer that did not come, or not to its end. */
    static DicomwebException unanswered(IOException cause) {
        return new DicomwebException(describe(cause), cause);
    }

    /** A request that was refused. @param quote of the server, {@code null} for none */
    static DicomwebException refused(DicomStatus status, int httpStatus, String quote) {
        String message = String.format("The server answered %d: %s", httpStatus, status.meaning());
        return new DicomwebException(status, httpStatus, quote == null ? message : message + ": " + quote);
    }

    private static String describe(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return "The server did not answer in time";
        }
        if (e instanceof UnknownHostException) {
            return "The server's name is not known";
        }
        if (e instanceof ConnectException) {
            return "The server cannot be connected to";
        }
        if (e instanceof SSLException) {
            return "The server and this client do not agree on TLS";
        }
        if (e instanceof SenderException) {
            return "The answer cannot be read: " + e.getMessage();
        }
        return "The server did not answer: " + e.getClass().getSimpleName();
    }

    /** HTTP status code of the answer, 0 where there was none. */
    public int httpStatus() {
        return httpStatus;
    }
}
