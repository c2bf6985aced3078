package org.imagingingestion.runtime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The programs of the embedded PostgreSQL, which come packed in a jar for each kind of machine. */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /**
     * Unpacks the programs for this machine, unless they are there already.
     *
     * @param cache folder to unpack into; each version has its own folder there
     * @return the folder with {@code bin}, {@code lib} and {@code share}
     * @throws StartupException where there are none for this machine
     */
    static Path unpack(Path cache) throws StartupException, IOException {
        String archive = "postgres-" + system() + "-" + machine() + ".txz";
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
            if (in == null) {
                throw new StartupException("There is no embedded PostgreSQL for " + system() + " on " + machine()
                        + ": set DB_HOST to a PostgreSQL server");
            }
            // the length of the archive tells one version from another
            Path folder = cache.toAbsolutePath()
                    .resolve(Long.toString(PostgresBinaries.class
                            .getResource("/" + archive)
                            .openConnection()
                            .getContentLengthLong()));
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(cache);
                Path unfinished = Files.createTempDirectory(cache, "unfinished");
                unpack(in, unfinished);
                // others may have to read it, where the server runs as another user
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
                move(unfinished, folder);
            }
            return folder;
        }
    }

    private static void move(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // another process was faster
            DataFolder.delete(unfinished);
        }
    }

    private static void unpack(InputStream in, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException(entry.getName() + " lies outside the archive");
                }
                unpack(tar, entry, path);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    }

    private static String machine() {
        String machine = System.getProperty("os.arch");
        boolean arm = machine.equals("aarch64");
        return machine.equals("amd64") ? "x86_64" : arm ? "arm_64" : machine;
    }
}
