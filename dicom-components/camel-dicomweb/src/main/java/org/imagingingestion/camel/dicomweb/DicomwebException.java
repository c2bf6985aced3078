package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.RetryAfter;
import org.imagingingestion.dicom.service.SenderException;

/**
 * A request to another system that it refused, or that it did not answer. The message has no patient data, and no UID, unless
 * {@code logPhi} lets it quote the server.
 */
public class DicomwebException extends DicomException {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;
    private final long retryAfter;

    public DicomwebException(DicomStatus status, int httpStatus, String message) {
        this(status, httpStatus, message, 0);
    }

    private DicomwebException(DicomStatus status, int httpStatus, String message, long retryAfter) {
        super(status, message);
        this.httpStatus = httpStatus;
        this.retryAfter = retryAfter;
    }

    private DicomwebException(String message, IOException cause) {
        super(DicomStatus.PROCESSING_FAILURE, message, cause);
        this.httpStatus = 0;
        this.retryAfter = 0;
    }

    /** An answer that did not come, or not to its end. */
    static DicomwebException unanswered(IOException cause) {
        return new DicomwebException(describe(cause), cause);
    }

    /**
     * A request that was refused.
     *
     * @param quote of the server, {@code null} for none
     * @param retryAfter header of the answer, {@code null} for none
     */
    static DicomwebException refused(DicomStatus status, int httpStatus, String quote, String retryAfter) {
        String message = String.format("The server answered %d: %s", httpStatus, status.meaning());
        return new DicomwebException(
                status,
                httpStatus,
                quote == null ? message : message + ": " + quote,
                RetryAfter.milliseconds(retryAfter));
    }

    @Override
    public long retryAfter() {
        return retryAfter > 0 ? retryAfter : super.retryAfter();
    }

    /** Statuses of authorization are none, as tokens are renewed; what is refused by 409 has a reason of its own. */
    @Override
    public boolean isFinal() {
        return switch (httpStatus) {
            case 401, 403, 407, 408, 425, 429 -> false;
            case 409, 413 -> super.isFinal();
            default -> httpStatus >= 400 && httpStatus < 500 || super.isFinal();
        };
    }

    @Override
    public boolean isOutage() {
        return switch (httpStatus) {
            case 408, 425, 429, 502, 503, 504 -> true;
            case 0 -> super.isOutage()
                    || getCause() instanceof IOException
                    || getCause() instanceof DicomException cause && cause.isOutage();
            default -> super.isOutage();
        };
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
