package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Goes through objects while others store and remove some: what goes away meanwhile is left out. */
final class ObjectWalk implements Iterator<Path>, AutoCloseable {
    /** Study, series, object; before them, where all are gone through, the provider. */
    private static final int DEPTH = 3;

    private record Folder(DirectoryStream<Path> stream, Iterator<Path> entries) {}

    private final FileTime before;
    private final int depth;
    private final ArrayDeque<Folder> open = new ArrayDeque<>();
    private Path next;

    private ObjectWalk(Path folder, FileTime before, int depth) {
        this.before = before;
        this.depth = depth;
        enter(folder);
    }

    /** Through the folder of a provider. @param before time that objects are older than */
    static ObjectWalk of(Path folder, FileTime before) {
        return new ObjectWalk(folder, before, DEPTH);
    }

    /** Through the folders of all providers; no name of one starts with a dot, as that of the processes' own folder does. */
    static ObjectWalk ofAll(Path root, FileTime before) {
        return new ObjectWalk(root, before, DEPTH + 1);
    }

    private void enter(Path folder) {
        try {
            DirectoryStream<Path> stream = Files.newDirectoryStream(folder);
            open.push(new Folder(stream, stream.iterator()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            // it went away, or is none of ours
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasNext() {
        while (next == null && !open.isEmpty()) {
            Path path = nextEntry();
            if (path == null) {
                leave();
            } else if (open.size() < depth) {
                if (!path.getFileName().toString().startsWith(".")) {
                    enter(path);
                }
            } else if (path.toString().endsWith(ObjectName.SUFFIX) && isOld(path)) {
                next = path;
            }
        }
        return next != null;
    }

    private Path nextEntry() {
        Iterator<Path> entries = open.peek().entries();
        try {
            return entries.hasNext() ? entries.next() : null;
        } catch (DirectoryIteratorException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return null;
            }
            throw new UncheckedIOException(e.getCause());
        }
    }

    private boolean isOld(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.isRegularFile() && attributes.lastModifiedTime().compareTo(before) < 0;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Path result = next;
        next = null;
        return result;
    }

    private void leave() {
        try {
            open.pop().stream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            leave();
        }
    }
}
