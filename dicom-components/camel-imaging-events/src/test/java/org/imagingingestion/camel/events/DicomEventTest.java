package org.imagingingestion.camel.events;

import java.util.List;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DicomEventTest {
    private final CamelContext context = new DefaultCamelContext();
    private ProducerTemplate template;

    @BeforeEach
    void start() {
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static StoredInstance stored(int comments) {
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.7")
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3.4")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3")
                .setString(0x00204000, VR.LT, "x".repeat(comments));
        return new StoredInstance(
                null, "default/x.dcm", 100, new byte[32], TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, dataSet);
    }

    private CloudEvent event(String options, StoredInstance stored) {
        return (CloudEvent) template.requestBodyAndHeader(
                "dicom-event:stored?source=urn:me&provider=north" + options,
                stored,
                ServiceHeaders.CALLING_AE_TITLE,
                "CT01",
                Object.class);
    }

    @Test
    void tellsOfAStoredInstance() throws Exception {
        CloudEvent event = event("&wadoExternalEndpoint=https://out/wado-rs", stored(10));
        ImageStoredEvent image = ImageStoredEvent.parse(event.data());

        assertThat(event.source()).isEqualTo("urn:me");
        assertThat(event.partitionKey()).isEqualTo("north/1.2");
        assertThat(image.image().receivedFrom()).isEqualTo("CT01");
        assertThat(image.store().wadoExternalEndpoint()).isEqualTo("https://out/wado-rs");
        assertThat(image.stored().provider()).isEqualTo("north");
    }

    @Test
    void leavesTheHeaderOutWhereItIsTooLongOrNotWanted() throws Exception {
        CloudEvent tooLong = event("&maxLength=5000", stored(10_000));
        CloudEvent unwanted = event("&header=false", stored(10));

        assertThat(tooLong.data()).hasSizeLessThan(5000);
        assertThat(ImageStoredEvent.parse(tooLong.data()).stored()).isNull();
        assertThat(ImageStoredEvent.parse(unwanted.data()).stored()).isNull();
        assertThat(event("", stored(10_000)).data()).hasSizeGreaterThan(10_000);
    }

    @Test
    void tellsTheSenderThatAnInstanceIsTaken() {
        RecordOutcome outcome = template.requestBody("dicom-event:accepted", "anything", RecordOutcome.class);

        assertThat(outcome.kind()).isEqualTo(RecordOutcome.Kind.ADDED);
        assertThat(outcome.discard()).isNull();
    }

    private static byte[] available(String study, String instance) {
        return new DicomAvailableEvent(
                        "north", null, study, "1.2.3", instance, "1.2.840.1", "1.2.840.2", "00", "CT", null, null)
                .toJson();
    }

    @Test
    void asksForTheInstancesThatEventsTellOf() {
        Retrieval several = template.requestBody(
                "dicom-event:retrieval",
                List.of(available("1.2", "1.2.3.4"), available("1.2", "1.2.3.5")),
                Retrieval.class);
        Retrieval one = template.requestBody(
                "dicom-event:retrieval", new String(available("1.2", "1.2.3.4"), UTF_8), Retrieval.class);

        assertThat(several.provider()).isEqualTo("north");
        assertThat(several.studyInstanceUID()).isEqualTo("1.2");
        assertThat(several.content()).isEqualTo(Retrieval.Content.LOCATIONS);
        assertThat(several.sopInstanceUIDs()).containsExactly("1.2.3.4", "1.2.3.5");
        assertThat(one.sopInstanceUIDs()).containsExactly("1.2.3.4");
    }

    @Test
    void asksForInstancesOfOneStudyOnly() {
        for (List<byte[]> events :
                List.of(List.<byte[]>of(), List.of(available("1.2", "1.2.3.4"), available("1.9", "1.2.3.5")))) {
            assertThatThrownBy(() -> template.requestBody("dicom-event:retrieval", events))
                    .cause()
                    .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                            .isEqualTo(DicomStatus.INVALID_ARGUMENT_VALUE));
        }
    }
}
