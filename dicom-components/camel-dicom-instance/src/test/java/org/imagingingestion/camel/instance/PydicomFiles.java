package org.imagingingestion.camel.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files that Debian's python3-pydicom brings for its own tests. */
final class PydicomFiles {
    private static final Path TEST_FILES = Path.of("/usr/lib/python3/dist-packages/pydicom/data/test_files");
    private static final Path CHARSET_FILES = Path.of("/usr/lib/python3/dist-packages/pydicom/data/charset_files");

    private PydicomFiles() {}

    static Path named(String name) {
        return TEST_FILES.resolve(name);
    }

    /** All files. */
    static Stream<Path> all() {
        return Stream.of(TEST_FILES, CHARSET_FILES)
                .flatMap(PydicomFiles::walk)
                .filter(Files::isRegularFile)
                .sorted();
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path path) {
        return path.getFileName().toString();
    }
}
