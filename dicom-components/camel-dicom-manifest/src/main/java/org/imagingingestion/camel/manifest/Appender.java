package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds instances to series that this process has written to lately, in one statement that needs no transaction around it.
 * That is nearly all of what arrives, as scanners and archives send a series at a time.
 *
 * <p>What it remembers may be outdated; the statement then fails as a whole, and {@link BatchWriter} finds out how it is.
 */
final class Appender {
    /** What was merged into a series and its study when it was written to. */
    private record Known(long study, long series, Set<Long> studyDigests, Set<Long> seriesDigests) {}

    private static final int MOST_SERIES = 4096;
    private static final int MOST_DIGESTS = 64;

    private static final ArrayInsert INSERT =
            InstanceRows.insert("WHERE NOT EXISTS (SELECT 1 FROM manifest.removed_object r"
                    + " WHERE r.object_name = u.object_name AND r.provider = u.provider) RETURNING 1");
    /** What comes first is locked last. It fails, by a division, where not all instances are inserted. */
    private static final String SQL = "WITH states AS (" + Changes.TOUCH + "), instances AS (" + INSERT
            + "), changes AS (" + Changes.INSERT_AFTER_INSTANCES + "), " + Counts.STUDIES_AND_SERIES
            + ", totals AS (" + Counts.SUMS + "), " + EventLog.PARTS
            + " SELECT 1 / (count(*) = ?)::integer FROM instances";

    private final Templates templates;
    private final LinkedHashMap<String, Known> lately = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_SERIES;
        }
    };

    Appender(Templates templates) {
        this.templates = templates;
    }

    /** Remembers the series of a batch that is written for good. */
    synchronized void remember(Batch batch) {
        for (Batch.Series series : batch.series()) {
            Known known = lately.computeIfAbsent(
                    key(series.first), key -> new Known(series.study.id, series.id, new HashSet<>(), new HashSet<>()));
            if (known.series() != series.id || known.study() != series.study.id) {
                lately.remove(key(series.first));
                continue;
            }
            for (PreparedInstance instance : series.instances) {
                add(known.studyDigests(), instance.study().digest());
                add(known.seriesDigests(), instance.series().digest());
            }
        }
    }

    private static void add(Set<Long> digests, long digest) {
        if (digests.size() < MOST_DIGESTS) {
            digests.add(digest);
        }
    }

    /** Forgets the series of these instances. */
    synchronized void forget(List<Pending> batch) {
        batch.forEach(pending -> lately.remove(key(pending.instance())));
    }

    synchronized void clear() {
        lately.clear();
    }

    private static String key(PreparedInstance instance) {
        return instance.stored().provider() + '\n' + instance.studyInstanceUID() + '\n' + instance.seriesInstanceUID();
    }

    /**
     * The batch with the ids of its studies and series, where all of them are remembered and the instances say nothing new of
     * them; {@code null} otherwise.
     */
    synchronized Batch batch(List<Pending> pendings) {
        Batch batch = new Batch();
        for (Pending pending : pendings) {
            PreparedInstance instance = pending.instance();
            Known known = lately.get(key(instance));
            if (known == null
                    || pending.policy() == ConflictPolicy.KEEP_LAST
                    || pending.policy() == ConflictPolicy.RECOVER
                    || !known.studyDigests().contains(instance.study().digest())
                    || !known.seriesDigests().contains(instance.series().digest())) {
                return null;
            }
            batch.add(
                    new Batch.Incoming(instance, false),
                    new KnownInstance(
                            known.study(),
                            known.series(),
                            true,
                            false,
                            true,
                            false,
                            null,
                            null,
                            KnownInstance.Receipt.NEW));
            batch.events.add(pending.event());
        }
        return batch.providers().size() == 1 ? batch : null;
    }

    /**
     * Adds the instances.
     *
     * @throws SQLException where one of them, or not any more its series, is in the manifest, or its object was removed;
     *     nothing is added then
     */
    void write(Connection connection, Batch batch) throws SQLException {
        List<Object[]> rows = InstanceRows.of(connection, batch, templates);
        try (PreparedStatement insert = connection.prepareStatement(SQL)) {
            Changes changes = Changes.of(batch);
            int next = Changes.TOUCH.bind(insert, 1, changes.studies());
            next = INSERT.bind(insert, next, rows);
            next = Changes.INSERT_AFTER_INSTANCES.bind(insert, next, changes.rows());
            next = new Counts(connection).bind(insert, next, batch);
            next = Counts.bind(insert, next, batch.providers().iterator().next(), Counts.Sums.of(batch));
            next = EventLog.bind(insert, next, batch.events);
            insert.setLong(next, rows.size());
            insert.execute();
        }
    }
}
