package org.imagingingestion.dicom.event;

import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.StoredInstance;

import com.fasterxml.jackson.core.JsonGenerator;

/** An instance is durable in a storage space, and is to be recorded in the manifest. */
public record ImageStoredEvent(Image image, Store store) {
    public static final String TYPE = "ImageStoredEvent";

    /** Values that stay in the object have their path in place of a URI. */
    private static final DicomJson.BulkDataUri PLACES = (path, element) -> BulkIndex.isApart(element) ? path : null;

    private static final int DIGEST_LENGTH = 64;

    /**
     * What was stored.
     *
     * @param elements attributes of the top level; none where the header is not told, or {@code dataSet} tells it
     * @param receivedFrom calling AE title of the sender; {@code null} where it has none
     * @param dataSet the header, long values by their path; {@code null} where it is not told
     * @param bulkIndex places of the long values, as {@link BulkIndex#encode} has them; {@code null} where they are not told
     */
    public record Image(
            String transferSyntaxUID,
            List<EventElement> elements,
            String studyInstanceUID,
            String seriesInstanceUID,
            String sopInstanceUID,
            String sopClassUID,
            String receivedFrom,
            DataSet dataSet,
            byte[] bulkIndex) {
        public Image {
            elements = List.copyOf(elements);
        }
    }

    /**
     * Where it was stored.
     *
     * @param provider name of the storage space and tenant
     * @param bucketName of the storage space; {@code null} where it has none
     * @param objectName the object's key in it
     * @param wadoInternalEndpoint address of WADO-RS inside the cluster; {@code null} where there is none
     * @param wadoExternalEndpoint address of WADO-RS for others; {@code null} where there is none
     * @param length of the object in bytes; {@code null} where it is not told
     * @param sha256 digest of the object in hexadecimal digits; {@code null} where it is not told
     */
    public record Store(
            String provider,
            String bucketName,
            String objectName,
            String wadoInternalEndpoint,
            String wadoExternalEndpoint,
            Long length,
            String sha256) {}

    /**
     * Tells of an instance.
     *
     * @param wadoInternalEndpoint or {@code null}
     * @param wadoExternalEndpoint or {@code null}
     * @throws DicomException DATA_SET_DOES_NOT_MATCH_SOP_CLASS where one of the four UIDs is missing or is none, as the manifest
     *     would not take it
     */
    public static ImageStoredEvent of(StoredInstance stored, String wadoInternalEndpoint, String wadoExternalEndpoint)
            throws DicomException {
        DataSet dataSet = stored.dataSet();
        return new ImageStoredEvent(
                new Image(
                        stored.transferSyntax().uid(),
                        List.of(),
                        stored.uid(Tag.StudyInstanceUID),
                        stored.uid(Tag.SeriesInstanceUID),
                        stored.uid(Tag.SOPInstanceUID),
                        stored.uid(Tag.SOPClassUID),
                        stored.receivedFrom(),
                        dataSet,
                        stored.bulkIndex()),
                new Store(
                        stored.provider(),
                        null,
                        stored.objectName(),
                        wadoInternalEndpoint,
                        wadoExternalEndpoint,
                        stored.length(),
                        HexFormat.of().formatHex(stored.sha256())));
    }

    /** The same without what the instance's header says, but for its UIDs; whoever needs it reads the object. */
    public ImageStoredEvent withoutHeader() {
        Image brief = new Image(
                image.transferSyntaxUID,
                List.of(),
                image.studyInstanceUID,
                image.seriesInstanceUID,
                image.sopInstanceUID,
                image.sopClassUID,
                image.receivedFrom,
                null,
                null);
        return new ImageStoredEvent(brief, store);
    }

    /** What the manifest records; {@code null} where the event does not tell all of it and the object has to be read. */
    public StoredInstance stored() {
        boolean whole =
                image.dataSet != null && image.bulkIndex != null && store.length != null && store.sha256 != null;
        return !whole
                ? null
                : new StoredInstance(
                        store.provider,
                        store.objectName,
                        store.length,
                        HexFormat.of().parseHex(store.sha256),
                        TransferSyntax.of(image.transferSyntaxUID),
                        image.dataSet,
                        image.bulkIndex,
                        image.receivedFrom);
    }

    /** The event to be sent. Its id is that of the object. @param traceparent or {@code null} */
    public CloudEvent toCloudEvent(String source, Instant time, String traceparent) {
        return new CloudEvent(
                EventId.of(TYPE, store.provider, store.objectName),
                source,
                TYPE,
                EventPath.instance(image.studyInstanceUID, image.seriesInstanceUID, image.sopInstanceUID),
                time,
                EventPath.partitionKey(store.provider, image.studyInstanceUID),
                traceparent,
                toJson());
    }

    public byte[] toJson() {
        return EventJson.document(out -> {
            out.writeObjectFieldStart("image");
            writeImage(out);
            out.writeEndObject();
            out.writeObjectFieldStart("store");
            writeStore(out);
            out.writeEndObject();
        });
    }

    private void writeImage(JsonGenerator out) throws IOException {
        out.writeStringField("transferSyntaxUID", image.transferSyntaxUID);
        out.writeStringField("studyInstanceUID", image.studyInstanceUID);
        out.writeStringField("seriesInstanceUID", image.seriesInstanceUID);
        out.writeStringField("sopInstanceUID", image.sopInstanceUID);
        out.writeStringField("sopClassUID", image.sopClassUID);
        out.writeStringField("receivedFrom", image.receivedFrom);
        out.writeFieldName("dataset");
        if (image.dataSet == null) {
            out.writeNull();
        } else {
            DicomJson.write(image.dataSet, out, PLACES);
        }
        out.writeFieldName("bulkIndex");
        if (image.bulkIndex == null) {
            out.writeNull();
        } else {
            out.writeBinary(image.bulkIndex);
        }
        // behind the data set, whose readers need not read them
        EventElement.write(out, "elements", image.dataSet == null ? image.elements : EventElement.of(image.dataSet));
    }

    private void writeStore(JsonGenerator out) throws IOException {
        out.writeStringField("provider", store.provider);
        out.writeStringField("bucketName", store.bucketName);
        out.writeStringField("objectName", store.objectName);
        out.writeStringField("wadoInternalEndpoint", store.wadoInternalEndpoint);
        out.writeStringField("wadoExternalEndpoint", store.wadoExternalEndpoint);
        EventPath.writeNumber(out, "length", store.length);
        out.writeStringField("sha256", store.sha256);
    }

    /**
     * Reads the data of an event, of an original sender too.
     *
     * @throws DicomException CANNOT_UNDERSTAND where it is none
     */
    public static ImageStoredEvent parse(byte[] json) throws DicomException {
        try (EventJson in = new EventJson(TYPE, json)) {
            Image image = null;
            Store store = null;
            in.beginObject();
            while (in.nextMember()) {
                switch (in.member()) {
                    case "image" -> image = readImage(in);
                    case "store" -> store = readStore(in);
                    default -> in.skip();
                }
            }
            in.end();
            return new ImageStoredEvent(in.required(image, "image"), in.required(store, "store"));
        }
    }

    private static Image readImage(EventJson in) throws DicomException {
        String transferSyntax = null;
        List<EventElement> elements = List.of();
        String study = null;
        String series = null;
        String instance = null;
        String sopClass = null;
        String receivedFrom = null;
        DataSet dataSet = null;
        byte[] bulkIndex = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "transferSyntaxUID" -> transferSyntax = in.text();
                case "elements" -> {
                    if (dataSet == null) {
                        elements = EventElement.readAll(in);
                    } else {
                        in.skip();
                    }
                }
                case "studyInstanceUID" -> study = in.text();
                case "seriesInstanceUID" -> series = in.text();
                case "sopInstanceUID" -> instance = in.text();
                case "sopClassUID" -> sopClass = in.text();
                case "receivedFrom" -> receivedFrom = in.text();
                case "dataset" -> dataSet = in.dataSet();
                case "bulkIndex" -> bulkIndex = bulkIndex(in);
                default -> in.skip();
            }
        }
        return new Image(
                in.required(transferSyntax, "image.transferSyntaxUID"),
                dataSet == null ? elements : List.of(),
                uid(in, study, elements, Tag.StudyInstanceUID, "image.studyInstanceUID"),
                uid(in, series, elements, Tag.SeriesInstanceUID, "image.seriesInstanceUID"),
                uid(in, instance, elements, Tag.SOPInstanceUID, "image.sopInstanceUID"),
                uid(in, sopClass, elements, Tag.SOPClassUID, "image.sopClassUID"),
                receivedFrom,
                dataSet,
                bulkIndex);
    }

    /** Original senders have it among the elements only. */
    private static String uid(EventJson in, String uid, List<EventElement> elements, int tag, String member)
            throws DicomException {
        String value = in.required(uid != null ? uid : EventElement.value(elements, tag), member);
        if (!UIDs.isLenient(value)) {
            throw in.failure("has in " + member + " what is not a UID");
        }
        return value;
    }

    private static byte[] bulkIndex(EventJson in) throws DicomException {
        byte[] encoded = in.bytes();
        if (encoded != null) {
            try {
                BulkIndex.decode(encoded);
            } catch (IllegalArgumentException e) {
                throw in.failure("has in image.bulkIndex what is not an index");
            }
        }
        return encoded;
    }

    private static Store readStore(EventJson in) throws DicomException {
        String provider = null;
        String bucketName = null;
        String objectName = null;
        String internal = null;
        String external = null;
        Long length = null;
        String sha256 = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.member()) {
                case "provider" -> provider = in.text();
                case "bucketName" -> bucketName = in.text();
                case "objectName" -> objectName = in.text();
                case "wadoInternalEndpoint" -> internal = in.text();
                case "wadoExternalEndpoint" -> external = in.text();
                case "length" -> length = in.number();
                case "sha256" -> sha256 = in.text();
                default -> in.skip();
            }
        }
        if (sha256 != null
                && !(sha256.length() == DIGEST_LENGTH && sha256.chars().allMatch(HexFormat::isHexDigit))) {
            throw in.failure("has in store.sha256 what is not a digest");
        }
        if (length != null && length < 0) {
            throw in.failure("has a negative store.length");
        }
        return new Store(
                in.required(provider, "store.provider"),
                bucketName,
                in.required(objectName, "store.objectName"),
                internal,
                external,
                length,
                sha256);
    }
}
