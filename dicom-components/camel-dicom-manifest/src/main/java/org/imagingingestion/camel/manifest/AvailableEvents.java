package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.service.StoredInstance;

/**
 * Tells of instances that can be found and retrieved from now on.
 *
 * @param source who tells of it
 * @param wadoAddress where they can be retrieved, the address of WADO-RS; {@code null} where that is not known
 */
record AvailableEvents(String source, String wadoAddress) {
    /** Others' headers are not to be trusted (W3C Trace Context §3.2.2). */
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private static final int ID_BYTES = 16;

    /** @param traceparent of the request that stored it; {@code null} for none */
    CloudEvent of(PreparedInstance instance, String traceparent) {
        StoredInstance stored = instance.stored();
        CloudEvent event = new DicomAvailableEvent(
                        stored.provider(),
                        endpoint(instance),
                        instance.studyInstanceUID(),
                        instance.seriesInstanceUID(),
                        instance.sopInstanceUID(),
                        instance.sopClassUID(),
                        stored.transferSyntax().uid(),
                        HexFormat.of().formatHex(stored.sha256()),
                        stored.dataSet().string(Tag.Modality),
                        stored.dataSet().string(Tag.StationName),
                        stored.receivedFrom())
                .toCloudEvent(
                        source,
                        Instant.now(),
                        traceparent != null && TRACEPARENT.matcher(traceparent).matches() ? traceparent : null);
        return new CloudEvent(
                id(stored.provider(), instance.sopInstanceUID(), stored.objectName()),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.partitionKey(),
                event.traceparent(),
                event.data());
    }

    private String endpoint(PreparedInstance instance) {
        return wadoAddress == null
                ? null
                : wadoAddress + "/studies/" + instance.studyInstanceUID() + "/series/" + instance.seriesInstanceUID()
                        + "/instances/" + instance.sopInstanceUID();
    }

    /** A receipt comes into force once; the same bytes may again, when others were in force or none meanwhile. */
    private static String id(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
