package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A script of this module in the language of a client, which tells what it found as JSON. */
final class Script {
    private static final Path HOME = ImagingIngestion.project().resolve("tests/integration");
    /** Where the scripts run beside the packages they need, so that none of those stands among the sources. */
    private static final Path NODE = HOME.resolve("target/javascript");

    private static final long MINUTES = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Script() {}

    /**
     * Runs a script of {@code src/test/javascript} by Node.js.
     *
     * @return what it wrote to its standard output
     */
    static JsonNode node(String name, Object... arguments) {
        installPackages();
        return run(command("node", NODE.resolve(name).toString(), arguments));
    }

    /**
     * Runs a script of {@code src/test/python} by the system's Python, the one that has pydicom.
     *
     * @return what it wrote to its standard output
     */
    static JsonNode python(String name, Object... arguments) {
        return run(command("/usr/bin/python3", "src/test/python/" + name, arguments));
    }

    private static List<String> command(String program, String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(program, script));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    /** Copies the scripts, and installs the npm packages of the lock file, as {@code tests/install} does, where there are none. */
    private static synchronized void installPackages() {
        try (Stream<Path> scripts = Files.list(HOME.resolve("src/test/javascript"))) {
            Files.createDirectories(NODE);
            for (Path script : scripts.toList()) {
                Files.copy(script, NODE.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!isInstalled()) {
            end(List.of("npm", "ci", "--prefix", NODE.toString(), "--no-audit", "--no-fund", "--loglevel=error"));
        }
    }

    /** Whether what is there was installed since the lock file changed. */
    private static boolean isInstalled() {
        Path installed = NODE.resolve("node_modules/.package-lock.json");
        try {
            return Files.exists(installed)
                    && Files.getLastModifiedTime(installed)
                                    .compareTo(Files.getLastModifiedTime(
                                            HOME.resolve("src/test/javascript/package-lock.json")))
                            > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode run(List<String> command) {
        try {
            return JSON.readTree(end(command));
        } catch (IOException e) {
            throw new UncheckedIOException("Output of " + command, e);
        }
    }

    private static String end(List<String> command) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(HOME.resolve("target")), "script");
            Path output = folder.resolve("output");
            Path errors = folder.resolve("errors");
            Process process = new ProcessBuilder(command)
                    .directory(HOME.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            try {
                assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                        .as("%s ends", command)
                        .isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            assertThat(process.exitValue())
                    .as("%s: %s%s", command, Files.readString(errors), Files.readString(output))
                    .isZero();
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
