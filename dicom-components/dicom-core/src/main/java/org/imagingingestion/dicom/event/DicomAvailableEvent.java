package org.imagingingestion.dicom.event;

import java.time.Instant;

import org.imagingingestion.dicom.DicomException;

/**
 * An instance can be found and retrieved.
 *
 * @param provider name of the storage space and tenant
 * @param endpoint URL of the instance at WADO-RS; {@code null} where that has no address
 * @param transferSyntaxUID of the object
 * @param sha256 digest of the object in hexadecimal digits
 * @param modality {@code null} where the instance does not say
 * @param stationName {@code null} where the instance does not say
 * @param receivedFrom calling AE title of its sender; {@code null} where it has none
 */
public record DicomAvailableEvent(
        String provider,
        String endpoint,
        String studyInstanceUID,
        String seriesInstanceUID,
        String sopInstanceUID,
        String sopClassUID,
        String transferSyntaxUID,
        String sha256,
        String modality,
        String stationName,
        String receivedFrom) {
    public static final String TYPE = "DicomAvailableEvent";

    /** The event to be sent. Its id is that of the bytes that are in force for the instance. @param traceparent or {@code null} */
    public CloudEvent toCloudEvent(String source, Instant time, String traceparent) {
        return new CloudEvent(
                EventId.of(TYPE, provider, sopInstanceUID, sha256),
                source,
                TYPE,
                EventPath.instance(studyInstanceUID, seriesInstanceUID, sopInstanceUID),
                time,
                EventPath.partitionKey(provider, studyInstanceUID),
                traceparent,
                toJson());
    }

    public byte[] toJson() {
        return EventJson.document(out -> {
            out.writeStringField("provider", provider);
            out.writeStringField("endpoint", endpoint);
            out.writeStringField("studyInstanceUID", studyInstanceUID);
            out.writeStringField("seriesInstanceUID", seriesInstanceUID);
            out.writeStringField("sopInstanceUID", sopInstanceUID);
            out.writeStringField("sopClassUID", sopClassUID);
            out.writeStringField("transferSyntaxUID", transferSyntaxUID);
            out.writeStringField("sha256", sha256);
            out.writeStringField("modality", modality);
            out.writeStringField("stationName", stationName);
            out.writeStringField("receivedFrom", receivedFrom);
        });
    }

    /**
     * Reads the data of an event. Of one of an original sender, there are only the provider and the endpoint.
     *
     * @throws DicomException CANNOT_UNDERSTAND where it is none
     */
    public static DicomAvailableEvent parse(byte[] json) throws DicomException {
        try (EventJson in = new EventJson(TYPE, json)) {
            String provider = null;
            String endpoint = null;
            String study = null;
            String series = null;
            String instance = null;
            String sopClass = null;
            String transferSyntax = null;
            String sha256 = null;
            String modality = null;
            String stationName = null;
            String receivedFrom = null;
            in.beginObject();
            while (in.nextMember()) {
                switch (in.member()) {
                    case "provider" -> provider = in.text();
                    case "endpoint" -> endpoint = in.text();
                    case "studyInstanceUID" -> study = in.text();
                    case "seriesInstanceUID" -> series = in.text();
                    case "sopInstanceUID" -> instance = in.text();
                    case "sopClassUID" -> sopClass = in.text();
                    case "transferSyntaxUID" -> transferSyntax = in.text();
                    case "sha256" -> sha256 = in.text();
                    case "modality" -> modality = in.text();
                    case "stationName" -> stationName = in.text();
                    case "receivedFrom" -> receivedFrom = in.text();
                    default -> in.skip();
                }
            }
            in.end();
            return new DicomAvailableEvent(
                    in.required(provider, "provider"),
                    endpoint,
                    study,
                    series,
                    instance,
                    sopClass,
                    transferSyntax,
                    sha256,
                    modality,
                    stationName,
                    receivedFrom);
        }
    }
}
