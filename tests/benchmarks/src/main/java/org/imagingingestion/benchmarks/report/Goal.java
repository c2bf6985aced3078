package org.imagingingestion.benchmarks.report;

/**
 * One comparison with what is to be reached.
 *
 * @param job     what was done
 * @param project the project's figure
 * @param peer    who it is compared with
 * @param other   the peer's figure
 * @param unit    of both figures
 * @param factor  what the ratio has to be at least, or at most
 * @param atMost  whether less is better
 */
public record Goal(String job, double project, String peer, double other, String unit, double factor, boolean atMost) {

    /** The project's figure in terms of the peer's. */
    public double ratio() {
        return project / other;
    }

    /** Whether the goal is reached. */
    public boolean reached() {
        return atMost ? ratio() <= factor : ratio() >= factor;
    }
}
