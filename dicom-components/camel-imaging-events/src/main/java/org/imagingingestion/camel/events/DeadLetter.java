package org.imagingingestion.camel.events;

import java.time.Instant;

/**
 * An event that a consumer could not process, and that is not taken again until it is replayed.
 *
 * @param subscription that could not process it; {@code null} where it died before that was told
 * @param id of the event; {@code null} where it is none
 * @param type of the events of the stream that it was in
 * @param subject of the event, the path of a study or an instance; {@code null} where it is none
 * @param time of the event; {@code null} where it is none
 * @param died when it was put aside
 * @param reason why
 */
public record DeadLetter(
        String subscription, String id, String type, String subject, Instant time, Instant died, String reason) {}
