package org.imagingingestion.camel.manifest;

import java.time.Instant;

/**
 * Which events a subscription is told of again: its dead letters, or all that the log has of a study or a time span, whether they
 * were delivered, are dead or pending, or came before the subscription was there.
 *
 * @param studyInstanceUID {@code null} for all studies
 * @param provider of the study
 * @param from {@code null} for the oldest
 * @param to exclusive; {@code null} for the latest
 */
record Replay(String subscription, String studyInstanceUID, String provider, Instant from, Instant to) {
    boolean isOfDeadOnly() {
        return studyInstanceUID == null && from == null && to == null;
    }

    String partitionKey() {
        return studyInstanceUID == null ? null : Values.withoutNul(provider + "/" + studyInstanceUID);
    }
}
