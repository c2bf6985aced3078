package org.imagingingestion.camel.forward;

/**
 * How it stands with a destination.
 *
 * @param destination its name
 * @param waiting instances that are still to be sent, as far as they are looked at
 * @param delivered instances that it has taken since the start
 * @param failedAttempts attempts that failed since the start
 * @param putAside instances that it did not take since the start
 * @param failing whether the attempt before failed
 */
public record ForwardStatistics(
        String destination, long waiting, long delivered, long failedAttempts, long putAside, boolean failing) {}
