package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a transaction changes of instances, for the next revisions of their studies. It is written last: the row of a study's
 * state is locked from then on, and no revision is made between the change and its being told.
 */
final class Changes {
    /** What became of an instance. */
    enum Kind {
        ADDED,
        /** Other bytes are in force under its UID, in the same series. */
        REPLACED,
        /** It gave its patient or study another attribute than they had. */
        CORRECTED,
        DELETED
    }

    /** So many instances make one row at most, so that none is long enough to be kept elsewhere than in the table. */
    private static final int MOST_INSTANCES = 25;

    private static final ArrayInsert INSERT = ArrayInsert.into("change")
            .texts("provider", "study_instance_uid", "series_instance_uid", "sop_instance_uids", "kind")
            .end("");

    /** The rows come after those of "instances", as what is told of one instance is to be in the order in which it happened. */
    static final ArrayInsert INSERT_AFTER_INSTANCES = ArrayInsert.into("change")
            .texts("provider", "study_instance_uid", "series_instance_uid", "sop_instance_uids", "kind")
            .end("WHERE (SELECT count(*) FROM instances) > 0");

    static final ArrayInsert TOUCH = ArrayInsert.into("study_state AS s")
            .texts("provider", "study_instance_uid")
            .computed("first_change", "clock_timestamp()")
            .computed("last_change", "clock_timestamp()")
            .end("ON CONFLICT (study_instance_uid, provider) DO UPDATE SET"
                    + " first_change = coalesce(s.first_change, clock_timestamp()), last_change = clock_timestamp()");

    private record Study(String provider, String uid) implements Comparable<Study> {
        @Override
        public int compareTo(Study other) {
            int order = provider.compareTo(other.provider);
            return order == 0 ? uid.compareTo(other.uid) : order;
        }
    }

    /** What became of instances of one series. */
    private record Change(String provider, String study, String series, Kind kind, List<String> instances) {
        boolean takes(String otherProvider, String otherStudy, String otherSeries, Kind otherKind) {
            return kind == otherKind
                    && instances.size() < MOST_INSTANCES
                    && series.equals(otherSeries)
                    && study.equals(otherStudy)
                    && provider.equals(otherProvider);
        }
    }

    private final List<Change> changes = new ArrayList<>();
    private final TreeSet<Study> studies = new TreeSet<>();

    /** What a batch adds. */
    static Changes of(Batch batch) {
        Changes changes = new Changes();
        for (Batch.Series series : batch.series()) {
            series.instances.forEach(instance -> changes.add(Kind.ADDED, instance));
        }
        return changes;
    }

    void add(Kind kind, PreparedInstance instance) {
        add(
                kind,
                instance.stored().provider(),
                instance.studyInstanceUID(),
                instance.seriesInstanceUID(),
                instance.sopInstanceUID());
    }

    void add(Kind kind, String provider, String study, String series, String instance) {
        Change last = changes.isEmpty() ? null : changes.get(changes.size() - 1);
        if (last == null || !last.takes(provider, study, series, kind)) {
            last = new Change(provider, study, series, kind, new ArrayList<>());
            changes.add(last);
            studies.add(new Study(provider, study));
        }
        last.instances().add(instance);
    }

    void write(Connection connection) throws SQLException {
        try (PreparedStatement insert = INSERT.prepare(connection, rows());
                PreparedStatement touch = TOUCH.prepare(connection, studies())) {
            insert.executeUpdate();
            touch.executeUpdate();
        }
    }

    /** Tells that a study has changed, where the changes are written already. */
    static void touch(Connection connection, String provider, String study) throws SQLException {
        try (PreparedStatement touch = TOUCH.prepare(connection, List.<Object[]>of(new Object[] {provider, study}))) {
            touch.executeUpdate();
        }
    }

    /** Rows of {@link #INSERT_AFTER_INSTANCES}. */
    List<Object[]> rows() {
        return changes.stream()
                .map(change -> new Object[] {
                    change.provider(),
                    change.study(),
                    change.series(),
                    String.join("\\", change.instances()),
                    change.kind().name()
                })
                .toList();
    }

    /** Rows of {@link #TOUCH}, in the order in which they are locked. */
    List<Object[]> studies() {
        return studies.stream()
                .map(study -> new Object[] {study.provider(), study.uid()})
                .toList();
    }
}
