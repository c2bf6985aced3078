package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** A token that somebody else keeps fresh in a file, as a mounted secret or a projected service account token. */
final class TokenFile implements Authorization {
    private final Path file;
    private FileTime modified;
    private String header;

    TokenFile(Path file) {
        this.file = file;
    }

    @Override
    public synchronized String header() throws IOException {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(modified)) {
                header = Authorization.bearer(Files.readString(file).strip());
                modified = now;
            }
            return header;
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("bearerTokenFile cannot be read, or has no token");
        }
    }

    @Override
    public synchronized boolean renew(String refused) throws IOException {
        modified = null;
        return !refused.equals(header());
    }
}
