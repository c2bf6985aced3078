package org.imagingingestion.camel.forward;

/**
 * How long to wait before another attempt: the least time first, then two seconds more, six, fourteen and so on, up to a longest.
 *
 * @param least in milliseconds
 * @param most in milliseconds
 */
record Backoff(long least, long most) {
    private static final int TIMES_DOUBLED = 30;
    private static final long SECOND = 1000;

    /** @param failures that came before, at least 1 */
    long delay(int failures) {
        return Math.min(most, least + ((1L << Math.min(failures, TIMES_DOUBLED)) - 2) * SECOND);
    }
}
