package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A check that costs something: its result holds for some seconds, and whoever asks does not wait for one that hangs. */
final class LastingCheck {
    private static final long SECONDS_TO_LAST = 5;
    private static final long SECONDS_TO_WAIT = 2;

    /** What is checked. */
    @FunctionalInterface
    interface Check {
        void run() throws IOException;
    }

    private final Check check;
    private final ReentrantLock running = new ReentrantLock();
    private long end;
    private String problem;

    LastingCheck(Check check) {
        this.check = check;
        end = System.nanoTime();
    }

    /** @throws IOException why it is not well */
    void run() throws IOException {
        if (!tryLock()) {
            throw new IOException("there is no answer yet");
        }
        try {
            if (System.nanoTime() - end >= 0) {
                problem = problem();
                end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_LAST);
            }
            if (problem != null) {
                throw new IOException(problem);
            }
        } finally {
            running.unlock();
        }
    }

    private boolean tryLock() throws IOException {
        try {
            return running.tryLock(SECONDS_TO_WAIT, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private String problem() {
        try {
            check.run();
            return null;
        } catch (IOException e) {
            return StartupException.reason(e);
        }
    }
}
