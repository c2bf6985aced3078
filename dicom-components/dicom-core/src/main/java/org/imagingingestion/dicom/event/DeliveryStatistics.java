package org.imagingingestion.dicom.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How the deliveries of a subscription get on.
 *
 * @param types of events that it is told of, all where it names none
 * @param provider whose events it is told of, {@code null} for those of all
 * @param delivered events since it is there
 * @param latest when that was last, {@code null} where it never was
 * @param pending events that are to be delivered
 * @param lag for which the oldest of them has waited, none where nothing is pending
 * @param dead events that are not tried again until they are replayed
 * @param failing events that are tried again
 * @param failingSince when the first of them failed, {@code null} where none does
 * @param lastError of them, else of the dead; {@code null} where nothing fails
 */
public record DeliveryStatistics(
        String subscription,
        List<String> types,
        String provider,
        long delivered,
        Instant latest,
        long pending,
        Duration lag,
        long dead,
        long failing,
        Instant failingSince,
        String lastError) {}
