package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder of everything that is kept. */
final class DataFolder {
    private DataFolder() {}

    /**
     * Makes the folder where there is none, and sees whether files can be made in it.
     *
     * @throws StartupException where they cannot
     */
    static void check(Path folder) throws StartupException {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".writable", null));
        } catch (IOException e) {
            throw new StartupException(
                    "The data folder " + folder + " cannot be written to, set IMAGING_DATA to another one", e);
        }
    }

    /** Removes a folder with all that is in it, where there is one. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
