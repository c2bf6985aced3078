package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.sql.DataSource;

import org.imagingingestion.dicom.event.StudyRevisionEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** The revisions that were announced, read back from the log of events. */
final class Revisions {
    private Revisions() {}

    /** Those of a study of a provider, in the order in which subscribers are told of them. */
    static List<StudyRevisionEvent> of(DataSource dataSource, String provider, String study) throws Exception {
        List<StudyRevisionEvent> revisions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT data FROM manifest.event"
                        + " WHERE type = 'StudyRevisionEvent' AND partition_key = ? ORDER BY seq")) {
            select.setString(1, provider + "/" + study);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    revisions.add(StudyRevisionEvent.parse(row.getBytes(1)));
                }
            }
        }
        return revisions;
    }

    /** The instances that a revision lists, as its change set names them. */
    static Set<String> listed(StudyRevisionEvent revision) {
        Set<String> paths = new TreeSet<>();
        for (StudyRevisionEvent.Series series : revision.study().series()) {
            series.instances()
                    .forEach(instance -> paths.add(series.seriesInstanceUID() + "/" + instance.sopInstanceUID()));
        }
        return paths;
    }

    /**
     * Applies change sets one after the other, as a subscriber does who keeps a copy. Each revision must list what they come to:
     * nothing is added that is there, nothing goes or changes that is not.
     *
     * @return all additions
     */
    static List<String> follow(List<StudyRevisionEvent> revisions) {
        Set<String> copy = new TreeSet<>();
        List<String> additions = new ArrayList<>();
        for (int i = 0; i < revisions.size(); i++) {
            StudyRevisionEvent revision = revisions.get(i);
            StudyRevisionEvent.ChangeSet changes = revision.changeSet();
            assertThat(revision.revision()).isEqualTo(i);
            assertThat(copy).containsAll(changes.deletions());
            assertThat(copy).noneMatch(changes.additions()::contains);
            changes.deletions().forEach(copy::remove);
            copy.addAll(changes.additions());
            copy.addAll(changes.modifications());
            assertThat(listed(revision)).isEqualTo(copy);
            additions.addAll(changes.additions());
        }
        return additions;
    }
}
