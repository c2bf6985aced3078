package org.imagingingestion.camel.dicomweb;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.imagingingestion.dicom.service.RetryAfter;

/**
 * When a request is tried again.
 *
 * @param maximum how often
 * @param delay before the first time, in milliseconds
 * @param maximumDelay in milliseconds
 * @param codes HTTP statuses beside 408, 429 and 5xx
 */
record Retries(int maximum, long delay, long maximumDelay, Set<Integer> codes) {
    private static final int TIMES_DOUBLED = 30;

    /** @throws IllegalArgumentException where an option cannot be */
    static Retries of(ClientConfiguration configuration) {
        Set<Integer> codes = new HashSet<>();
        String list = configuration.getHttpErrorCodesToRetry();
        for (String code : list == null ? new String[0] : list.split(",")) {
            if (!code.isBlank()) {
                if (!code.strip().matches("[1-5]\\d\\d")) {
                    throw new IllegalArgumentException(
                            "httpErrorCodesToRetry is to be HTTP statuses separated by commas, such as 404,425");
                }
                codes.add(Integer.valueOf(code.strip()));
            }
        }
        if (configuration.getMaximumRetries() < 0
                || configuration.getRetryDelay() < 0
                || configuration.getMaximumRetryDelay() < 0) {
            throw new IllegalArgumentException("maximumRetries, retryDelay and maximumRetryDelay are to be 0 or more");
        }
        return new Retries(
                configuration.getMaximumRetries(),
                configuration.getRetryDelay(),
                configuration.getMaximumRetryDelay(),
                Set.copyOf(codes));
    }

    /** Whether another attempt may have a better answer. */
    boolean isWorthwhile(int httpStatus) {
        return httpStatus == 408 || httpStatus == 429 || httpStatus >= 500 || codes.contains(httpStatus);
    }

    /**
     * How long to wait, in milliseconds; a bit less at random, so that clients which failed together do not come back together.
     *
     * @param before attempts that were made again already
     * @param retryAfter of the answer, {@code null} for none (RFC 9110 §10.2.3)
     * @return -1 where there is to be no other attempt
     */
    long delay(int before, String retryAfter) {
        if (before >= maximum) {
            return -1;
        }
        long own = Math.min(maximumDelay, delay << Math.min(before, TIMES_DOUBLED));
        long asked = RetryAfter.milliseconds(retryAfter);
        if (asked > maximumDelay) {
            return -1;
        }
        return Math.max(asked, own - (own > 3 ? ThreadLocalRandom.current().nextLong(own / 4) : 0));
    }
}
