package org.imagingingestion.benchmarks.load;

import java.io.IOException;

/** What one connection of a load does over and over. */
interface Worker extends AutoCloseable {
    /**
     * Makes one request and checks its answer.
     *
     * @return the number of items it was about, 0 when there is nothing more to do
     */
    int step() throws IOException;

    /** Bytes of bodies moved so far. */
    long bytes();

    @Override
    void close() throws IOException;
}
