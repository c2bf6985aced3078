package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that Debian's python3-pydicom brings. */
final class PydicomData {
    static final Path TEST_FILES = Path.of("/usr/lib/python3/dist-packages/pydicom/data/test_files");

    private PydicomData() {}

    /** A file by its path below {@link #TEST_FILES}. */
    static byte[] file(String name) {
        try {
            return Files.readAllBytes(TEST_FILES.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
