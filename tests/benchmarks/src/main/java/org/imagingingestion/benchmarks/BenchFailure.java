package org.imagingingestion.benchmarks;

/** A measurement that must not count: a wrong status, a wrong answer, a server that did not start. */
public class BenchFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which contender did what wrong. */
    public BenchFailure(String message) {
        super(message);
    }

    /** Says what failed and why. */
    public BenchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
