package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A disk of little room that only one server sees: a file system in memory, mounted in a name space of the server's own. It
 * goes away with the server, whatever ends that, and takes no superuser where users may make name spaces.
 */
final class SmallDisk {
    /** Bytes of the whole, of which the journal takes 64 MiB. */
    static final int BYTES = 128 << 20;

    private static final int BYTES_OF_FILLER = 32 << 20;
    private static final String MOUNT =
            """
            mount -t tmpfs -o size=%d tmpfs "$1" && mkdir "$1/storage" && { %s
            } && shift && exec "$@"
            """;
    private static final boolean SUPERUSER = System.getProperty("user.name").equals("root");

    private final Path folder;

    /** @param folder to mount it on */
    SmallDisk(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** What starts the server with some room, and something to be removed when there is none. */
    String[] withRoom() {
        return command("head -c " + BYTES_OF_FILLER + " /dev/zero >\"$1/filler\"");
    }

    /** What starts the server with no room. */
    String[] full() {
        return command("head -c " + (BYTES - (1 << 20)) + " /dev/zero >\"$1/filler\"");
    }

    /** What starts the server with a disk that can only be read. */
    String[] readOnly() {
        return command("mount -o remount,ro \"$1\"");
    }

    private String[] command(String preparation) {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
        if (!SUPERUSER) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("sh", "-c", MOUNT.formatted(BYTES, preparation), "sh", folder.toString()));
        return command.toArray(String[]::new);
    }

    /** The folder for the storage space, as the server sees it. */
    Path storage() {
        return folder.resolve("storage");
    }

    /** A path of it, as this process sees it. */
    private Path seen(ImagingIngestion server, String path) {
        return Path.of("/proc/" + server.pid() + "/root" + folder).resolve(path);
    }

    /** What is in the storage space. */
    StorageFolder storage(ImagingIngestion server) {
        return new StorageFolder(seen(server, "storage"));
    }

    void makeRoom(ImagingIngestion server) throws IOException {
        Files.delete(seen(server, "filler"));
    }

    /** Lets the storage space be read only; files that are open stay as they are. */
    void forbidWriting(ImagingIngestion server) throws Exception {
        enter(server, "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\"");
    }

    void allowWriting(ImagingIngestion server) throws Exception {
        enter(server, "umount \"$1\"");
    }

    private void enter(ImagingIngestion server, String script) throws Exception {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(server.pid()), "--mount"));
        if (!SUPERUSER) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        command.addAll(List.of("sh", "-c", script, "sh", storage().toString()));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
