package org.imagingingestion.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.ParseLimits;

/** How many CT headers a second one thread reads from files that the page cache holds, up to the pixel data. */
final class HeaderRate {
    private static final String JOB = "header parse rate";
    private static final int PIXEL_DATA = 0x7FE00010;
    private static final int FILES = 50;
    private static final int PEER_REPEATS = 20;
    private static final String PYDICOM =
            """
            import sys, pydicom
            for path in sys.argv[1:]:
                for element in pydicom.dcmread(path, stop_before_pixels=True): pass
            """;

    private final Run run;

    HeaderRate(Run run) {
        this.run = run;
    }

    void run() {
        run.job(JOB, () -> {
            try {
                List<Path> files = write();
                measure(files);
                for (Path file : files) {
                    Files.delete(file);
                }
            } catch (IOException | DicomParseException e) {
                throw new BenchFailure(e.getMessage(), e);
            }
        });
    }

    private void measure(List<Path> files) throws IOException, DicomParseException {
        note("project", project(files));
        note("project, from memory", projectFromMemory(files));
        peer("dcmdump", List.of("dcmdump", "-q", "-M", "+P", "0008,0018"), files);
        peer("pydicom, all values", List.of("/usr/bin/python3", "-c", PYDICOM), files);
    }

    private interface Reading {
        void read(int i) throws IOException, DicomParseException;
    }

    private double project(List<Path> files) throws IOException, DicomParseException {
        return rate(i -> {
            try (InputStream in = Files.newInputStream(files.get(i))) {
                read(in);
            }
        });
    }

    private double projectFromMemory(List<Path> files) throws IOException, DicomParseException {
        byte[][] contents = new byte[FILES][];
        for (int i = 0; i < FILES; i++) {
            contents[i] = Files.readAllBytes(files.get(i));
        }
        return rate(i -> read(new ByteArrayInputStream(contents[i])));
    }

    /** The last of several rounds, when the code is compiled. */
    private double rate(Reading reading) throws IOException, DicomParseException {
        double rate = 0;
        for (int round = 0; round <= run.settings().rounds(); round++) {
            long start = System.nanoTime();
            long end = start + run.settings().sample().toNanos() / 2;
            long count = 0;
            while (System.nanoTime() < end) {
                for (int i = 0; i < FILES; i++) {
                    reading.read(i);
                }
                count += FILES;
            }
            rate = count / ((System.nanoTime() - start) / 1e9);
        }
        return rate;
    }

    private static void read(InputStream in) throws IOException, DicomParseException {
        DicomFile header = DicomReader.readBefore(PIXEL_DATA, in, ParseLimits.STREAMING);
        if (header.dataSet() == null) {
            throw new BenchFailure("no data set was read");
        }
    }

    private void note(String name, double rate) {
        run.report().note(JOB + ", one thread, " + name, "%,.0f files/s".formatted(rate));
    }

    private void peer(String name, List<String> command, List<Path> files) {
        List<String> all = new ArrayList<>(command);
        for (int i = 0; i < PEER_REPEATS; i++) {
            files.forEach(file -> all.add(file.toString()));
        }
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(all)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchFailure(name + " did not end");
            }
            double rate = FILES * PEER_REPEATS / ((System.nanoTime() - start) / 1e9);
            if (process.exitValue() != 0) {
                throw new BenchFailure(name + " ended with " + process.exitValue());
            }
            note(name, rate);
        } catch (IOException e) {
            run.report().note(JOB + ", one thread, " + name, "not installed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }

    private List<Path> write() throws IOException {
        InstanceTemplate ct = InstanceTemplate.of(ObjectKind.CT);
        Path folder = Files.createDirectories(run.settings().target().resolve("servers"));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(Files.write(folder.resolve("header-" + i + ".dcm"), ct.file(Questions.instance(i))));
        }
        return files;
    }
}
