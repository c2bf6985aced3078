package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL is run, which refuses the superuser.
 *
 * @param prefix what stands before its command
 * @param uid owner that its files must have, -1 for whoever made them
 */
record ServerUser(List<String> prefix, int uid) {
    /** Whoever runs the application. */
    static final ServerUser SAME = new ServerUser(List.of(), -1);

    /** The superuser in a user namespace of its own, where it is nobody and yet owns its files. */
    static final ServerUser NAMESPACE = new ServerUser(List.of("unshare", "--user"), 0);

    private static final int NOBODY_UID = 65534;

    /** The user nobody, for containers that may not make namespaces. */
    static final ServerUser NOBODY = new ServerUser(
            List.of("setpriv", "--reuid=" + NOBODY_UID, "--regid=" + NOBODY_UID, "--clear-groups"), NOBODY_UID);

    /**
     * Finds what is possible here.
     *
     * @throws StartupException where the superuser cannot become anybody else
     */
    static ServerUser find() throws StartupException, InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return SAME;
        }
        for (ServerUser user : List.of(NAMESPACE, NOBODY)) {
            if (user.isPossible()) {
                return user;
            }
        }
        throw new StartupException("The embedded PostgreSQL does not run as root here:"
                + " start as another user, or set DB_HOST to a PostgreSQL server");
    }

    private boolean isPossible() throws InterruptedException {
        try {
            return new ProcessBuilder(command("true"))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // there is no such program
            return false;
        }
    }

    /** A command as this user. */
    List<String> command(String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }

    /** Gives the user a file, or a folder with all that is in it. */
    void own(Path path) throws IOException {
        if (uid < 0 || Files.getAttribute(path, "unix:uid").equals(uid)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            // the folder itself comes last, so that an interrupted change is done again
            for (Path each : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.setAttribute(each, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
