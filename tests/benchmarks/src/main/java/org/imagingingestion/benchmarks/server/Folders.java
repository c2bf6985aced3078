package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Removing what servers wrote; gigabytes a run. */
final class Folders {
    private Folders() {}

    /** Removes everything in a folder; a folder that is not there is empty. */
    static void empty(Path folder) {
        empty(folder, path -> true);
    }

    /** Removes everything in a folder but the log files directly in it. */
    static void emptyButLogs(Path folder) {
        empty(
                folder,
                path -> !path.getParent().equals(folder) || !path.toString().endsWith(".log"));
    }

    private static void empty(Path folder, Predicate<Path> condition) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> paths = walk.sorted(Comparator.reverseOrder())
                    .filter(path -> !path.equals(folder))
                    .filter(condition)
                    .toList();
            for (Path path : paths) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
