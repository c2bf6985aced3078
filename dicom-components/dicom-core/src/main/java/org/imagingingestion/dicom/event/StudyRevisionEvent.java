package org.imagingingestion.dicom.event;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;

import com.fasterxml.jackson.core.JsonGenerator;

/**
 * A study has settled after a change.
 *
 * @param revision of the study, 0 for the first
 * @param provider name of the storage space and tenant
 * @param study all of it as it is now
 * @param changeSet what is different from the revision before
 */
public record StudyRevisionEvent(int revision, String provider, Study study, ChangeSet changeSet) {
    public static final String TYPE = "StudyRevisionEvent";

    /**
     * A study.
     *
     * @param studyDate {@code null} where it is not said
     * @param dataSet some of its attributes whole, with all values and items; {@code null} where they are not told
     */
    public record Study(
            String studyInstanceUID,
            String studyDate,
            List<EventElement> attributes,
            DataSet dataSet,
            List<Series> series) {
        public Study {
            attributes = List.copyOf(attributes);
            series = List.copyOf(series);
        }

        /** A study that is told of as original senders do. */
        public Study(String studyInstanceUID, String studyDate, List<EventElement> attributes, List<Series> series) {
            this(studyInstanceUID, studyDate, attributes, null, series);
        }
    }

    /**
     * A series.
     *
     * @param number {@code null} where it is not said
     * @param modality {@code null} where it is not said
     * @param dataSet some of its attributes whole, with all values and items; {@code null} where they are not told
     * @param endpoint URL of the series at WADO-RS; {@code null} where that has no address
     */
    public record Series(
            String seriesInstanceUID,
            Integer number,
            String modality,
            List<EventElement> attributes,
            DataSet dataSet,
            List<Instance> instances,
            String endpoint,
            String providerName) {
        public Series {
            attributes = List.copyOf(attributes);
            instances = List.copyOf(instances);
        }

        /** A series that is told of as original senders do. */
        public Series(
                String seriesInstanceUID,
                Integer number,
                String modality,
                List<EventElement> attributes,
                List<Instance> instances,
                String endpoint,
                String providerName) {
            this(seriesInstanceUID, number, modality, attributes, null, instances, endpoint, providerName);
        }
    }

    /**
     * An instance.
     *
     * @param number {@code null} where it is not said
     * @param title of a document, a report or a presentation; {@code null} for others
     */
    public record Instance(String sopInstanceUID, String sopClassUID, Integer number, String title) {
        /** An instance without a title. */
        public Instance(String sopInstanceUID, String sopClassUID, Integer number) {
            this(sopInstanceUID, sopClassUID, number, null);
        }
    }

    /** Instances that came, went or changed, each as {@code <Series Instance UID>/<SOP Instance UID>}. */
    public record ChangeSet(List<String> additions, List<String> deletions, List<String> modifications) {
        public ChangeSet {
            additions = List.copyOf(additions);
            deletions = List.copyOf(deletions);
            modifications = List.copyOf(modifications);
        }
    }

    /** The event to be sent. Its id is that of the revision. @param traceparent or {@code null} */
    public CloudEvent toCloudEvent(String source, Instant time, String traceparent) {
        return new CloudEvent(
                EventId.of(TYPE, provider, study.studyInstanceUID, revision),
                source,
                TYPE,
                EventPath.study(study.studyInstanceUID),
                time,
                EventPath.partitionKey(provider, study.studyInstanceUID),
                traceparent,
                toJson());
    }

    public byte[] toJson() {
        return EventJson.document(out -> {
            out.writeNumberField("revision", revision);
            out.writeStringField("provider", provider);
            out.writeObjectFieldStart("study");
            out.writeStringField("studyInstanceUID", study.studyInstanceUID);
            out.writeStringField("studyDate", study.studyDate);
            EventElement.write(out, "attributes", study.attributes);
            write(out, study.dataSet);
            out.writeArrayFieldStart("series");
            for (Series series : study.series) {
                write(out, series);
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeObjectFieldStart("changeSet");
            writeTexts(out, "additions", changeSet.additions);
            writeTexts(out, "deletions", changeSet.deletions);
            writeTexts(out, "modifications", changeSet.modifications);
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Series series) throws IOException {
        out.writeStartObject();
        out.writeStringField("seriesInstanceUID", series.seriesInstanceUID);
        EventPath.writeNumber(out, "number", series.number);
        out.writeStringField("modality", series.modality);
        EventElement.write(out, "attributes", series.attributes);
        write(out, series.dataSet);
        out.writeArrayFieldStart("instances");
        for (Instance instance : series.instances) {
            out.writeStartObject();
            out.writeStringField("sopInstanceUID", instance.sopInstanceUID);
            out.writeStringField("sopClassUID", instance.sopClassUID);
            EventPath.writeNumber(out, "number", instance.number);
            if (instance.title != null) {
                out.writeStringField("title", instance.title);
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringField("endpoint", series.endpoint);
        out.writeStringField("providerName", series.providerName);
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, DataSet dataSet) throws IOException {
        if (dataSet != null) {
            out.writeFieldName("dataset");
            DicomJson.write(dataSet, out, DicomJson.BulkDataUri.NONE);
        }
    }

    private static void writeTexts(JsonGenerator out, String member, List<String> texts) throws IOException {
        out.writeArrayFieldStart(member);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    /**
     * Reads the data of an event. One of an original sender has no provider but those of its series, and the first of them is taken.
     *
     * @throws DicomException CANNOT_UNDERSTAND where it is none
     */
    public static StudyRevisionEvent parse(byte[] json) throws DicomException {
        try (EventJson in = new EventJson(TYPE, json)) {
            Integer revision = null;
            String provider = null;
            Study study = null;
            ChangeSet changeSet = null;
            in.beginObject();
            while (in.nextMember()) {
                switch (in.member()) {
                    case "revision" -> revision = in.integer();
                    case "provider" -> provider = in.text();
                    case "study" -> study = readStudy(in);
                    case "changeSet" -> changeSet = readChangeSet(in);
                    default -> in.skip();
                }
            }
            in.end();
            in.required(study, "study");
            if (provider == null) {
                provider = study.series.stream()
                        .map(Series::providerName)
                        .filter(name -> name != null)
                        .findFirst()
                        .orElse(null);
            }
            return new StudyRevisionEvent(
                    in.required(revision, "revision"),
                    in.required(provider, "provider"),
                    study,
                    in.required(changeSet, "changeSet"));
        }
    }

    private static Study readStudy(EventJson in) throws DicomException {
        String uid = null;
        String date = null;
        List<EventElement> attributes = List.of();
        DataSet dataSet = null;
        List<Series> series = new ArrayList<>();
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "studyInstanceUID" -> uid = in.text();
                case "studyDate" -> date = in.text();
                case "attributes" -> attributes = EventElement.readAll(in);
                case "dataset" -> dataSet = in.dataSet();
                case "series" -> {
                    in.beginArray();
                    while (in.nextItem()) {
                        series.add(readSeries(in));
                    }
                }
                default -> in.skip();
            }
        }
        return new Study(in.required(uid, "study.studyInstanceUID"), date, attributes, dataSet, series);
    }

    private static Series readSeries(EventJson in) throws DicomException {
        String uid = null;
        Integer number = null;
        String modality = null;
        List<EventElement> attributes = List.of();
        DataSet dataSet = null;
        List<Instance> instances = new ArrayList<>();
        String endpoint = null;
        String provider = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "seriesInstanceUID" -> uid = in.text();
                case "number" -> number = in.integer();
                case "modality" -> modality = in.text();
                case "attributes" -> attributes = EventElement.readAll(in);
                case "dataset" -> dataSet = in.dataSet();
                case "instances" -> {
                    in.beginArray();
                    while (in.nextItem()) {
                        instances.add(readInstance(in));
                    }
                }
                case "endpoint" -> endpoint = in.text();
                case "providerName" -> provider = in.text();
                default -> in.skip();
            }
        }
        return new Series(
                in.required(uid, "study.series.seriesInstanceUID"),
                number,
                modality,
                attributes,
                dataSet,
                instances,
                endpoint,
                provider);
    }

    private static Instance readInstance(EventJson in) throws DicomException {
        String uid = null;
        String sopClass = null;
        Integer number = null;
        String title = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "sopInstanceUID" -> uid = in.text();
                case "sopClassUID" -> sopClass = in.text();
                case "number" -> number = in.integer();
                case "title" -> title = in.text();
                default -> in.skip();
            }
        }
        return new Instance(in.required(uid, "study.series.instances.sopInstanceUID"), sopClass, number, title);
    }

    private static ChangeSet readChangeSet(EventJson in) throws DicomException {
        List<String> additions = List.of();
        List<String> deletions = List.of();
        List<String> modifications = List.of();
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "additions" -> additions = texts(in);
                case "deletions" -> deletions = texts(in);
                case "modifications" -> modifications = texts(in);
                default -> in.skip();
            }
        }
        return new ChangeSet(additions, deletions, modifications);
    }

    private static List<String> texts(EventJson in) throws DicomException {
        List<String> texts = new ArrayList<>();
        in.beginArray();
        while (in.nextItem()) {
            texts.add(in.required(in.text(), "text in a change set"));
        }
        return texts;
    }
}
