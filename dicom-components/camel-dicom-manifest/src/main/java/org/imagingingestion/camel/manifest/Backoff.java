package org.imagingingestion.camel.manifest;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after a failure, in milliseconds: twice as long after each, up to a most, and a bit less at random, so that
 * those who failed together do not come back together.
 */
record Backoff(long first, long most) {
    private static final int TIMES_DOUBLED = 30;

    /** @param failures in a row, this one among them */
    long after(int failures) {
        long delay = Math.min(most, first << Math.min(TIMES_DOUBLED, failures - 1));
        return delay - ThreadLocalRandom.current().nextLong(delay / 4 + 1);
    }
}
