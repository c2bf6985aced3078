package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The processes that make up one server: the one started, its descendants, and a PostgreSQL server that names its data
 * folder on its command line, since that one detaches itself. Read from /proc.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final int MILLIS_PER_TICK = 10;

    private final long root;
    private final String folder;

    ProcessTree(long root, Path folder) {
        this.root = root;
        this.folder = folder.toString();
    }

    /** The ids of all processes now. */
    Set<Long> pids() {
        Map<Long, Long> parents = new HashMap<>();
        Set<Long> found = new LinkedHashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                String stat = read(entry.resolve("stat"));
                if (!stat.isEmpty()) {
                    parents.put(pid, Long.parseLong(afterName(stat)[1]));
                    if (pid == root || isDatabase(read(entry.resolve("cmdline")))) {
                        found.add(pid);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.remove(ProcessHandle.current().pid());
        while (addChildren(parents, found)) {
            // until no generation is missing
            continue;
        }
        return found;
    }

    /** User and system time of all processes so far, in milliseconds. */
    long cpuMillis() {
        long ticks = 0;
        for (long pid : pids()) {
            String stat = read(PROC.resolve(pid + "/stat"));
            if (!stat.isEmpty()) {
                String[] fields = afterName(stat);
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            }
        }
        return ticks * MILLIS_PER_TICK;
    }

    /** Resident memory of the process started, in megabytes (2^20). */
    long residentMegabytes() {
        return status("VmRSS:");
    }

    /** The most resident memory of the process started since {@link #resetPeak}, in megabytes (2^20). */
    long peakMegabytes() {
        return status("VmHWM:");
    }

    /** Memory of all processes with shared pages counted once, in megabytes (2^20). */
    long proportionalMegabytes() {
        long kilobytes = 0;
        for (long pid : pids()) {
            kilobytes += field(read(PROC.resolve(pid + "/smaps_rollup")), "Pss:");
        }
        return kilobytes >> 10;
    }

    /** Begins a new measurement of the peak. */
    void resetPeak() {
        try {
            Files.writeString(PROC.resolve(root + "/clear_refs"), "5");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long status(String name) {
        return field(read(PROC.resolve(root + "/status")), name) >> 10;
    }

    private boolean isDatabase(String commandLine) {
        String[] words = commandLine.split("\0");
        return words[0].endsWith("postgres") && commandLine.contains(folder + "/");
    }

    private static boolean addChildren(Map<Long, Long> parents, Set<Long> found) {
        boolean added = false;
        for (Map.Entry<Long, Long> entry : parents.entrySet()) {
            if (found.contains(entry.getValue())) {
                added |= found.add(entry.getKey());
            }
        }
        return added;
    }

    private static long field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElse(0);
    }

    /** The fields of a stat line from the state on; the name before them may contain blanks. */
    private static String[] afterName(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    private static String read(Path path) {
        try {
            return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // the process has ended in between
            return "";
        }
    }
}
