package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomStatus;

/** Tells what may be better at another attempt from what will not. */
final class Failures {
    /** Header in which the client of DICOMweb leaves the HTTP status. */
    private static final String HTTP_STATUS = "CamelDicomwebHttpStatus";

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final Set<Integer> codesToRetry = new HashSet<>();

    /** @param codes more HTTP statuses that may be better later, separated by commas; may be {@code null} */
    Failures(String codes) {
        for (String code : codes == null ? new String[0] : codes.split(",")) {
            if (!code.isBlank()) {
                if (!code.strip().matches("[1-5]\\d\\d")) {
                    throw new IllegalArgumentException(
                            "httpErrorCodesToRetry is to be HTTP statuses separated by commas, such as 404,425");
                }
                codesToRetry.add(Integer.valueOf(code.strip()));
            }
        }
    }

    /** Whether the attempt that failed so may do better later: the network, the server's state, its resources. */
    boolean isTemporary(Exchange attempt, Exception problem) {
        int http = attempt.getMessage().getHeader(HTTP_STATUS, 0, Integer.class);
        if (codesToRetry.contains(http)
                || http == REQUEST_TIMEOUT
                || http == TOO_MANY_REQUESTS
                || http >= SERVER_ERROR) {
            return true;
        }
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomParseException) {
                return false;
            }
            if (cause instanceof IOException) {
                return !(cause.getCause() instanceof DicomParseException);
            }
        }
        DicomStatus status = meaning(problem).status();
        return status == DicomStatus.OUT_OF_RESOURCES || status == DicomStatus.RESOURCE_LIMITATION;
    }

    /** What the sender is told. */
    static DicomException meaning(Exception problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomException dicom) {
                return dicom;
            }
        }
        return new DicomException(
                DicomStatus.PROCESSING_FAILURE,
                "The instance could not be sent on: " + problem.getClass().getSimpleName(),
                problem);
    }
}
