package org.imagingingestion.camel.dicomweb;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.imagingingestion.dicom.service.Retrieval;

/** Bodies that were put together once, as long as there is room; the ones used last stay. */
final class MetadataCache {
    /**
     * What a body is of.
     *
     * @param target of the request
     * @param baseUrl address of the service, which is in the body
     * @param representation media type and coding
     */
    record Key(Retrieval target, String baseUrl, String representation) {}

    /**
     * A body.
     *
     * @param version of what it was made from
     * @param bytes off the heap, so that they need not be copied there to be sent
     */
    record Body(String version, ByteBuffer bytes) {
        static Body of(String version, byte[] bytes) {
            return new Body(
                    version, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        }
    }

    private static final int OVERHEAD = 1 << 10;

    private final long size;
    private final Map<Key, Body> bodies = new LinkedHashMap<>(64, 0.75f, true);
    private long used;

    /** @param size bytes that it may take */
    MetadataCache(long size) {
        this.size = size;
    }

    /** Longest body that is kept. */
    long longest() {
        return size / 4;
    }

    /** The body, {@code null} where there is none of this version. */
    synchronized Body get(Key key, String version) {
        Body body = bodies.get(key);
        return body != null && body.version().equals(version) ? body : null;
    }

    /** Keeps a body. */
    synchronized void put(Key key, Body body) {
        long weight = weight(body);
        Body old = bodies.remove(key);
        used -= old == null ? 0 : weight(old);
        if (weight > size) {
            return;
        }
        bodies.put(key, body);
        used += weight;
        for (Iterator<Body> eldest = bodies.values().iterator(); used > size; ) {
            used -= weight(eldest.next());
            eldest.remove();
        }
    }

    /** Bytes that it takes. */
    synchronized long used() {
        return used;
    }

    private static long weight(Body body) {
        return body.bytes().capacity() + OVERHEAD;
    }
}
