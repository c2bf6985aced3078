package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.dicom.service.StoreResult;

/** Sends the same files over one association, again and again. */
public final class SendLoad {
    private static final int FILES = 400;
    private static final long MOST_SECONDS = 60;

    private SendLoad() {}

    /** Writes the files that are sent. @return the folder */
    public static Path prepare(Path folder, InstanceTemplate template) {
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < FILES; i++) {
                InstanceName name = InstanceName.of(i / InstanceName.PER_STUDY, i % InstanceName.PER_STUDY);
                Files.write(folder.resolve(i + ".dcm"), template.file(name));
            }
            return folder;
        } catch (IOException e) {
            throw new BenchFailure("the files to send could not be written", e);
        }
    }

    /** By a dimse: producer. */
    public static LoadResult producer(int port, Path folder, Duration time) {
        return ClosedLoop.run(1, time, () -> new Producer(port, files(folder)));
    }

    /** By dcmtk's storescu. */
    public static LoadResult storescu(int port, Path folder, Duration time) {
        return ClosedLoop.run(1, time, () -> new Storescu(port, files(folder)));
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(folder.resolve(i + ".dcm"));
        }
        return files;
    }

    private static final class Producer implements Worker {
        private final String uri;
        private final List<Path> files;
        private final CamelContext context = new DefaultCamelContext();
        private final ProducerTemplate template;
        private final long length;
        private long bytes;

        Producer(int port, List<Path> files) {
            uri = "dimse:ANY@127.0.0.1:" + port;
            this.files = files;
            try {
                length = Files.size(files.get(0));
            } catch (IOException e) {
                throw new BenchFailure("the files to send are not there", e);
            }
            context.start();
            template = context.createProducerTemplate();
        }

        @Override
        public int step() {
            StoreResult result = template.requestBody(uri, files, StoreResult.class);
            if (!result.isComplete()) {
                throw new BenchFailure(result.failed().size() + " instances were not taken");
            }
            bytes += length * files.size();
            return files.size();
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            context.stop();
        }
    }

    private static final class Storescu implements Worker {
        private final List<String> command;
        private final List<Path> files;
        private long bytes;

        Storescu(int port, List<Path> files) {
            this.files = files;
            command = new ArrayList<>(
                    List.of("storescu", "--max-pdu", "131072", "-R", "127.0.0.1", Integer.toString(port)));
            files.forEach(file -> command.add(file.toString()));
        }

        @Override
        public int step() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("TCP_NODELAY", "1");
            Process process = builder.start();
            try {
                if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new BenchFailure("storescu did not send the files");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchFailure("interrupted", e);
            } finally {
                process.destroyForcibly();
            }
            for (Path file : files) {
                bytes += Files.size(file);
            }
            return files.size();
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            // each run has ended
        }
    }
}
