package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.net.AETitle;

/**
 * A request for storage commitment whose result its requestor has not taken yet, kept as a file.
 *
 * @param caller AE title of the requestor
 * @param called AE title that it asked
 * @param provider the storage space and tenant that is meant
 * @param request the data set of its N-ACTION (PS3.4 §J.3.2.1)
 */
record Commitment(Path file, String caller, String called, String provider, DataSet request) {
    private static final String SUFFIX = ".commitment";
    private static final String UNFINISHED = ".new";
    private static final long ABANDONED_AFTER_MILLIS = TimeUnit.MINUTES.toMillis(1);

    /** Keeps a request, over a loss of power too. */
    static Commitment keep(Path folder, String caller, String called, String provider, DataSet request)
            throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(System.currentTimeMillis() + "-" + UUID.randomUUID() + SUFFIX);
        Path unfinished = folder.resolve(file.getFileName() + UNFINISHED);
        try {
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                out.write((caller + '\n' + called + '\n' + provider + '\n').getBytes(StandardCharsets.UTF_8));
                out.write(DicomJson.toBytes(request, DicomJson.BulkDataUri.NONE));
            }
            force(unfinished, StandardOpenOption.WRITE);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        force(folder, StandardOpenOption.READ);
        return new Commitment(file, caller, called, provider, request);
    }

    /** Whether a file was left by a process that ended while it kept a request, which it has not answered then. */
    static boolean isAbandoned(Path file) throws IOException {
        // one that is young may be being written, for another AE title that shares the folder
        return file.getFileName().toString().endsWith(SUFFIX + UNFINISHED)
                && System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis() > ABANDONED_AFTER_MILLIS;
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    static boolean isOne(Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    /** @throws DicomException where the file is not one of these */
    static Commitment read(Path file) throws IOException, DicomException {
        byte[] bytes = Files.readAllBytes(file);
        String[] lines = new String[3];
        int from = 0;
        for (int i = 0; i < lines.length; i++) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            lines[i] = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            from = Math.min(to + 1, bytes.length);
        }
        DataSet request = DicomJson.read(new ByteArrayInputStream(bytes, from, bytes.length - from));
        return new Commitment(
                file,
                AETitle.require("The requestor", lines[0]),
                AETitle.require("The called AE", lines[1]),
                lines[2],
                request);
    }

    /** The result was taken. */
    void forget() throws IOException {
        Files.deleteIfExists(file);
    }
}
