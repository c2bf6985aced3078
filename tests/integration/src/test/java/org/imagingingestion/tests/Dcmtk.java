package org.imagingingestion.tests;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.ParseLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The programs of dcmtk, each in a folder of its own. */
final class Dcmtk {
    /** What a program did. */
    record Run(int exitCode, String output, Path folder) {
        /** The files that it wrote, in the order of their names. */
        List<Path> files() {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> !file.getFileName().toString().equals("output"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The data sets of these files. */
        List<DataSet> dataSets() {
            return files().stream().map(Dcmtk::dataSet).toList();
        }
    }

    /** A program that goes on until it is closed. */
    record Server(Process process, Path folder) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            try {
                process.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.destroyForcibly();
        }
    }

    private final Path folder;
    private final int port;

    /** @param folder for what the programs write @param port of the server that they call */
    Dcmtk(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Runs a program and demands that it ends well. */
    Run run(String program, String... arguments) {
        Run run = attempt(program, arguments);
        assertThat(run.exitCode()).as(run.output()).isZero();
        return run;
    }

    /** Runs a program, whatever comes of it. The server's address is put after options and before files and keys. */
    Run attempt(String program, String... arguments) {
        List<String> command = command(program, arguments);
        try {
            Path home = Files.createTempDirectory(folder, program);
            Process process = builder(command, home).start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            return new Run(process.exitValue(), Files.readString(home.resolve("output")), home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(Arrays.asList(arguments));
        int at = command.indexOf("SERVER");
        if (at >= 0) {
            command.remove(at);
            command.addAll(at, List.of("-aec", "DICOM-INGEST", "127.0.0.1", Integer.toString(port)));
        }
        return command;
    }

    /** Starts a program that is not waited for. */
    Server start(String program, String... arguments) throws IOException {
        Path home = Files.createTempDirectory(folder, program);
        return new Server(builder(command(program, arguments), home).start(), home);
    }

    /** Starts storescp, which keeps what it is sent bit by bit. */
    Server storescp(int itsPort, String... options) throws IOException {
        return storescp(itsPort, List.of(), options);
    }

    /** Starts storescp where echoscu needs options to be answered. */
    Server storescp(int itsPort, List<String> ofEchoscu, String... options) throws IOException {
        Path home = Files.createTempDirectory(folder, "storescp");
        Path received = Files.createDirectory(home.resolve("received"));
        List<String> command = new ArrayList<>(List.of("storescp", "+B", "-od", received.toString()));
        command.addAll(Arrays.asList(options));
        command.add(Integer.toString(itsPort));
        Server server = new Server(builder(command, home).start(), received);
        List<String> echo = new ArrayList<>(ofEchoscu);
        echo.addAll(List.of("127.0.0.1", Integer.toString(itsPort)));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> attempt("echoscu", echo.toArray(String[]::new)).exitCode() == 0);
        return server;
    }

    /** Starts dcmqrscp as an archive of this AE title. @param us the port that DICOM-INGEST answers on */
    Server dcmqrscp(String title, int itsPort, int us) throws IOException {
        Path home = Files.createTempDirectory(folder, "dcmqrscp");
        Path database = Files.createDirectory(home.resolve("database"));
        Path configuration = Files.writeString(
                home.resolve("dcmqrscp.cfg"),
                String.join(
                        "\n",
                        "NetworkTCPPort = " + itsPort,
                        "MaxPDUSize = 131072",
                        "MaxAssociations = 16",
                        "HostTable BEGIN",
                        "us = (DICOM-INGEST, 127.0.0.1, " + us + ")",
                        "HostTable END",
                        "VendorTable BEGIN",
                        "VendorTable END",
                        "AETable BEGIN",
                        title + " " + database + " RW (100, 1024mb) ANY",
                        "AETable END",
                        ""));
        Server server = new Server(
                builder(List.of("dcmqrscp", "-c", configuration.toString()), home)
                        .start(),
                database);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> attempt("echoscu", "-aec", title, "127.0.0.1", Integer.toString(itsPort))
                                .exitCode()
                        == 0);
        return server;
    }

    private static ProcessBuilder builder(List<String> command, Path home) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile());
        builder.environment().put("TCP_NODELAY", "1");
        return builder;
    }

    static DataSet dataSet(byte[] file) {
        try {
            return DicomReader.read(new ByteArrayInputStream(file), ParseLimits.WHOLE)
                    .dataSet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DicomParseException e) {
            throw new IllegalStateException(e);
        }
    }

    static DataSet dataSet(Path file) {
        try {
            return DicomReader.read(file).dataSet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DicomParseException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }
}
