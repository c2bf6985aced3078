package org.imagingingestion.dicom.event;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.DicomException;

/**
 * Why a subscriber did not take an event, and what is to become of that.
 *
 * @param isFinal whether another attempt would fail as well: the event goes to the dead letters
 * @param isOutage whether it is no fault of the event, which is tried until it works: a database, a storage space or a destination that
 *     is away
 * @param retryAfter how long whoever refused it asks to be left alone, in milliseconds; 0 where nobody asks
 * @param reason as it may be shown: without messages that are not known to be free of patients' data
 */
public record DeliveryFailure(boolean isFinal, boolean isOutage, long retryAfter, String reason) {
    private static final int LONGEST = 500;
    private static final String OURS = "org.imagingingestion.";

    /** Nobody is left alone for longer. */
    private static final long LONGEST_RETRY_AFTER = TimeUnit.HOURS.toMillis(1);

    /** What a failure means. A {@link DicomException} counts wherever it is among the causes. */
    public static DeliveryFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomException dicom) {
                return new DeliveryFailure(
                        dicom.isFinal(),
                        dicom.isOutage(),
                        Math.min(LONGEST_RETRY_AFTER, dicom.retryAfter()),
                        limited(dicom.status() + ": " + dicom.getMessage()));
            }
        }
        boolean isOutage = failure instanceof IOException && !(failure instanceof NoSuchFileException);
        return new DeliveryFailure(false, isOutage, 0, limited(reason(failure)));
    }

    /** Messages of other exceptions than our own may quote anything. */
    private static String reason(Throwable failure) {
        Class<?> type = failure.getClass();
        return type.getName().startsWith(OURS) && failure.getMessage() != null
                ? type.getSimpleName() + ": " + failure.getMessage()
                : type.getName();
    }

    private static String limited(String reason) {
        return reason.substring(0, Math.min(LONGEST, reason.length()));
    }
}
