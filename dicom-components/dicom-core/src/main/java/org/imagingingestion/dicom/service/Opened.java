package org.imagingingestion.dicom.service;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened on the way through a route, to be closed when that is over: the last first. */
public final class Opened implements Closeable {
    private final Deque<Closeable> opened = new ArrayDeque<>();

    public synchronized void add(Closeable resource) {
        opened.push(resource);
    }

    @Override
    public synchronized void close() throws IOException {
        IOException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
