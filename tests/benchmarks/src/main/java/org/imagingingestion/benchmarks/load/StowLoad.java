package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.time.Duration;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;

/** Stores instances over STOW-RS, every connection a study of its own, and counts those acknowledged with 200. */
public final class StowLoad {
    private StowLoad() {}

    /**
     * Sends until the time is over or the studies are.
     *
     * @param path        of the studies resource, such as /dicom-web/studies
     * @param perRequest  instances in one request; must divide the size of a study
     * @throws BenchFailure when any answer is not 200
     */
    public static LoadResult run(
            int port,
            String path,
            InstanceTemplate template,
            int perRequest,
            int connections,
            Studies studies,
            Duration time) {
        return ClosedLoop.run(
                connections,
                time,
                () -> new Sender(port, studies.new Walk(), new StowRequest(path, template, perRequest)));
    }

    private static final class Sender implements Worker {
        private final Connection connection;
        private final Studies.Walk walk;
        private final StowRequest request;
        private final InstanceName[] names;
        private long bytes;

        Sender(int port, Studies.Walk walk, StowRequest request) {
            connection = new Connection(port);
            this.walk = walk;
            this.request = request;
            names = new InstanceName[request.size()];
        }

        @Override
        public int step() throws IOException {
            for (int i = 0; i < names.length; i++) {
                names[i] = walk.take();
                if (names[i] == null) {
                    return 0;
                }
                request.name(i, names[i]);
            }
            int status = connection.exchange(request.rewound());
            if (status != 200) {
                throw new BenchFailure("storing was answered with " + status);
            }
            for (InstanceName name : names) {
                walk.acknowledge(name);
            }
            bytes += request.bodyLength();
            return names.length;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
