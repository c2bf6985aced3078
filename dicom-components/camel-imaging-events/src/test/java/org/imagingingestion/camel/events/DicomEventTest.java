package org.imagingingestion.camel.events;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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
}
