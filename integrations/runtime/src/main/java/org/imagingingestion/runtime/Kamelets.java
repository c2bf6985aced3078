package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The Kamelets that there are: those of a folder, and those that are packed with the application. */
final class Kamelets {
    private static final String SUFFIX = ".kamelet.yaml";

    private final Path folder;

    /** @param folder {@code null} for none */
    Kamelets(Path folder) {
        this.folder = folder;
    }

    /** The Kamelet of a name. @throws StartupException where it cannot be read */
    Optional<Map<String, Object>> find(String name) throws StartupException {
        if (!name.matches("[a-z0-9-]+")) {
            return Optional.empty();
        }
        try (InputStream in = open(name)) {
            return in == null ? Optional.empty() : Optional.of(YamlFile.read("The Kamelet " + name, in));
        } catch (IOException e) {
            throw new StartupException("The Kamelet " + name + " cannot be read", e);
        }
    }

    private InputStream open(String name) throws IOException {
        Path file = folder == null ? null : folder.resolve(name + SUFFIX);
        return file != null && Files.exists(file)
                ? Files.newInputStream(file)
                : Kamelets.class.getResourceAsStream("/kamelets/" + name + SUFFIX);
    }
}
