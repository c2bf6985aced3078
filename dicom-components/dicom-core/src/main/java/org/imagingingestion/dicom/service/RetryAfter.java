package org.imagingingestion.dicom.service;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** How long a server that answers 429 or 503 asks to be left alone (RFC 9110 §10.2.3). */
public final class RetryAfter {
    private RetryAfter() {}

    /**
     * The milliseconds that a header means.
     *
     * @param header seconds or a time, {@code null} for none
     * @return 0 where it says nothing, or nothing that can be understood
     */
    public static long milliseconds(String header) {
        String value = header == null ? "" : header.strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value)).toMillis();
        }
        try {
            Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Math.max(0, Duration.between(Instant.now(), at).toMillis());
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
