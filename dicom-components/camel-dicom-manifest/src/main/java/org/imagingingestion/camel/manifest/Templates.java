package org.imagingingestion.camel.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata of the first instance of each series, from which the others' are told. It never changes, so that what was
 * read is kept, the least used given up first.
 */
final class Templates {
    /** What templates are told from; never to be changed, for what is recorded is read with it. */
    static final Delta.Base COMMON = new Delta.Base(resource("metadata-1.base"));

    private static final long MOST_BYTES = 32L << 20;

    private final LinkedHashMap<Long, Delta.Base> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    private static byte[] resource(String name) {
        try (InputStream in = Templates.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] encode(byte[] template) {
        return Delta.encode(COMMON, template);
    }

    static byte[] decode(byte[] encoded) {
        return Delta.decode(COMMON.bytes(), encoded);
    }

    /** The templates of the series of a batch, those of the new ones among them. */
    Map<Long, Delta.Base> of(Connection connection, Collection<Batch.Series> batch) throws SQLException {
        Map<Long, Delta.Base> found = get(
                connection,
                batch.stream().filter(one -> !one.isNew).map(one -> one.id).toList());
        batch.stream().filter(one -> one.isNew).forEach(one -> found.put(one.id, one.template));
        return found;
    }

    /** Keeps the templates of the series that are new in a batch that is written for good. */
    void remember(Batch batch) {
        batch.series().stream().filter(one -> one.isNew).forEach(one -> put(one.id, one.template));
    }

    synchronized void clear() {
        kept.clear();
        bytes = 0;
    }

    /**
     * The templates of these series, read in one statement where they are not at hand.
     *
     * @throws SQLException of SQLSTATE 40001 where one of them is gone
     */
    Map<Long, Delta.Base> get(Connection connection, Collection<Long> series) throws SQLException {
        Map<Long, Delta.Base> found = new HashMap<>();
        List<Long> missing = new ArrayList<>();
        for (Long id : series) {
            Delta.Base template = at(id);
            if (template == null) {
                missing.add(id);
            } else {
                found.put(id, template);
            }
        }
        if (!missing.isEmpty()) {
            read(connection, missing, found);
        }
        if (!found.keySet().containsAll(series)) {
            throw BatchWriter.changedMeanwhile();
        }
        return found;
    }

    private void read(Connection connection, List<Long> series, Map<Long, Delta.Base> found) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT series, metadata FROM manifest.template WHERE series = ANY (?)")) {
            select.setArray(1, connection.createArrayOf("int8", series.toArray(Long[]::new)));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getLong(1), put(rows.getLong(1), new Delta.Base(decode(rows.getBytes(2)))));
                }
            }
        }
    }

    private synchronized Delta.Base at(Long series) {
        return kept.get(series);
    }

    private synchronized Delta.Base put(Long series, Delta.Base base) {
        Delta.Base before = kept.put(series, base);
        bytes += size(base) - (before == null ? 0 : size(before));
        var eldest = kept.values().iterator();
        while (bytes > MOST_BYTES && kept.size() > 1) {
            bytes -= size(eldest.next());
            eldest.remove();
        }
        return base;
    }

    /** With its index, which takes about four times as much again. */
    private static long size(Delta.Base base) {
        return 256 + base.bytes().length * 5L;
    }
}
