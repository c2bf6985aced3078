package org.imagingingestion.camel.manifest;

import java.time.Instant;

/**
 * An event that a subscription was not told of, and is not until it is replayed.
 *
 * @param id of the event
 * @param subject of the event, the path of a study or an instance
 * @param time of the event
 * @param attempts that were made
 * @param failingSince the first of them
 * @param died the last of them
 */
public record DeadLetter(
        String subscription,
        String id,
        String type,
        String subject,
        Instant time,
        int attempts,
        Instant failingSince,
        Instant died,
        String lastError) {}
