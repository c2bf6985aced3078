package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.imagingingestion.benchmarks.BenchFailure;

/** Asks for a list of things over and over, each connection starting elsewhere in it. */
public final class GetLoad {
    private static final double LENGTH_TOLERANCE = 0.02;

    private GetLoad() {}

    /**
     * Asks until the time is over.
     *
     * @param lengths the body length of each request's right answer, to 2 %
     * @throws BenchFailure when an answer is not 200 or of another length
     */
    public static LoadResult run(int port, List<Get> requests, long[] lengths, int connections, Duration time) {
        AtomicInteger order = new AtomicInteger();
        return ClosedLoop.run(connections, time, () -> {
            int start = order.getAndIncrement() * requests.size() / connections;
            return new Asker(port, requests, lengths, start);
        });
    }

    private static final class Asker implements Worker {
        private final Connection connection;
        private final ByteBuffer[] requests;
        private final long[] lengths;
        private int next;
        private long bytes;

        Asker(int port, List<Get> requests, long[] lengths, int start) {
            connection = new Connection(port);
            this.requests = requests.stream().map(Asker::direct).toArray(ByteBuffer[]::new);
            this.lengths = lengths;
            next = start;
        }

        @Override
        public int step() throws IOException {
            int i = next++ % requests.length;
            int status = connection.exchange(requests[i].rewind());
            long length = connection.bodyLength();
            if (status != 200 || Math.abs(length - lengths[i]) > lengths[i] * LENGTH_TOLERANCE) {
                throw new BenchFailure("retrieving was answered with " + status + " and " + length + " bytes, 200 and "
                        + lengths[i] + " bytes expected");
            }
            bytes += length;
            return 1;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }

        private static ByteBuffer direct(Get request) {
            byte[] bytes = request.bytes();
            return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
    }
}
