package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.event.CloudEvent;

/** Instances that the manifest does not have yet, by the study and the series that they belong to. */
final class Batch {
    /**
     * An instance whose attributes may have to go into those of its study and series.
     *
     * @param latestWins whether they replace those that are there
     */
    record Incoming(PreparedInstance instance, boolean latestWins) {}

    /** What there is to write of one study. */
    static final class Study {
        final PreparedInstance first;
        final boolean latestWins;
        final TreeMap<String, Series> series = new TreeMap<>();
        final List<Incoming> toMerge = new ArrayList<>();
        long id;
        boolean isNew;
        long instances;
        long bytes;

        private Study(Incoming first, KnownInstance known) {
            this.first = first.instance();
            latestWins = first.latestWins();
            id = known.study();
            isNew = id == 0;
        }

        String provider() {
            return first.stored().provider();
        }

        /** Tells studies of all providers apart. */
        String key() {
            return key(first);
        }

        private static String key(PreparedInstance instance) {
            return instance.stored().provider() + '\n' + instance.studyInstanceUID();
        }

        List<Series> newSeries() {
            return series.values().stream().filter(s -> s.isNew).toList();
        }

        /** Modalities of the series that are new. */
        String[] newModalities() {
            TreeSet<String> modalities = new TreeSet<>();
            for (Series s : newSeries()) {
                String modality = s.first.series().values()[0];
                if (modality != null) {
                    modalities.add(modality);
                }
            }
            return modalities.toArray(String[]::new);
        }
    }

    /** What there is to write of one series. */
    static final class Series {
        final Study study;
        final PreparedInstance first;
        final List<PreparedInstance> instances = new ArrayList<>();
        final List<Incoming> toMerge = new ArrayList<>();
        long id;
        boolean isNew;
        long bytes;
        /** Where it is new, which nobody knows before it is committed. */
        Delta.Base template;

        private Series(Study study, PreparedInstance first, KnownInstance known) {
            this.study = study;
            this.first = first;
            id = known.series();
            isNew = id == 0;
        }
    }

    private final TreeMap<String, Study> studies = new TreeMap<>();

    /** What is told of the instances, in the order in which they came. */
    final List<CloudEvent> events = new ArrayList<>();

    void add(Incoming incoming, KnownInstance known) {
        PreparedInstance instance = incoming.instance();
        boolean latestWins = incoming.latestWins();
        long length = instance.stored().length();
        Study study = studies.computeIfAbsent(Study.key(instance), key -> new Study(incoming, known));
        Series series =
                study.series.computeIfAbsent(instance.seriesInstanceUID(), key -> new Series(study, instance, known));
        study.instances++;
        study.bytes += length;
        series.bytes += length;
        series.instances.add(instance);
        if (study.isNew) {
            addIfOther(
                    study.toMerge,
                    incoming,
                    study.first.study().digest() == instance.study().digest());
        } else {
            addIfOther(study.toMerge, incoming, latestWins ? known.isLastOfStudy() : known.isMergedInStudy());
        }
        if (series.isNew) {
            addIfOther(
                    series.toMerge,
                    incoming,
                    series.first.series().digest() == instance.series().digest());
        } else {
            addIfOther(series.toMerge, incoming, latestWins ? known.isLastOfSeries() : known.isMergedInSeries());
        }
    }

    /** What has been merged has to be merged again where the latest wins and others were merged since. */
    private static void addIfOther(List<Incoming> toMerge, Incoming incoming, boolean isMerged) {
        if (!isMerged || incoming.latestWins() && !toMerge.isEmpty()) {
            toMerge.add(incoming);
        }
    }

    boolean isEmpty() {
        return studies.isEmpty();
    }

    Set<String> providers() {
        return studies.values().stream().map(Study::provider).collect(Collectors.toSet());
    }

    /** In the order in which they are locked. */
    Collection<Study> studies() {
        return studies.values();
    }

    /** In the order in which they are locked. */
    List<Series> series() {
        return studies.values().stream()
                .flatMap(study -> study.series.values().stream())
                .toList();
    }

    /** In the order in which they are locked. */
    static List<PreparedInstance> sorted(List<PreparedInstance> instances) {
        return instances.stream()
                .sorted(Comparator.comparing((PreparedInstance i) -> i.stored().provider())
                        .thenComparing(PreparedInstance::sopInstanceUID))
                .toList();
    }
}
