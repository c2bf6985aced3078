package org.imagingingestion.camel.manifest;

import java.time.Instant;
import java.util.List;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.Deletion;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DicomManifestComponentIT {
    private AgroalDataSource dataSource;
    private DefaultCamelContext context;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        dataSource = TestServer.pool(TestServer.newDatabase(), 8);
        context = new DefaultCamelContext();
        context.getRegistry().bind("database", dataSource);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:record").to("dicom-manifest:record");
                from("direct:keep-last").to("dicom-manifest:record?conflictPolicy=keep-last");
                from("direct:refuse").to("dicom-manifest:record?conflictPolicy=REFUSE&dataSource=#database");
                from("direct:search").to("dicom-manifest:search");
                from("direct:locate").to("dicom-manifest:locate");
                from("direct:statistics").to("dicom-manifest:statistics?provider=tenant");
                from("direct:orphans").to("dicom-manifest:orphans?provider=tenant");
                from("direct:disagreements").to("dicom-manifest:disagreements?provider=tenant");
            }
        });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
        dataSource.close();
    }

    private static StoredInstance stored(String comment) {
        return TestInstance.stored("tenant", TestInstance.ct(1, 1, 1).setString(Tag.PatientComments, VR.LT, comment));
    }

    @Test
    void findsItsDataSourceAndMakesItsSchema() {
        Exchange exchange =
                template.request("direct:record", e -> e.getMessage().setBody(stored("")));

        assertThat(exchange.getMessage().getBody(RecordOutcome.class).kind()).isEqualTo(RecordOutcome.Kind.ADDED);
        assertThat(exchange.getMessage().getHeader(DicomManifestConstants.OUTCOME))
                .isEqualTo("ADDED");
    }

    @Test
    void recordsABatchOfEventsInOrder() throws Exception {
        List<CloudEvent> events = List.of(event(2), event(1), event(2));

        List<?> outcomes = template.requestBody("direct:record", events, List.class);

        assertThat(outcomes)
                .extracting(outcome -> ((RecordOutcome) outcome).kind())
                .containsExactly(RecordOutcome.Kind.ADDED, RecordOutcome.Kind.ADDED, RecordOutcome.Kind.UNCHANGED);
        assertThat(recorded().instances()).isEqualTo(2);
    }

    @Test
    void recordsWhatItCanOfABatchAndThrowsTheFirstFailure() throws Exception {
        CloudEvent other = new CloudEvent("1", "a", "Other", "", Instant.now(), "p", null, new byte[0]);
        List<Object> batch = List.of(event(1), other, stored(2), "neither");

        assertThatThrownBy(() -> template.requestBody("direct:record", batch))
                .isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(DicomException.class)
                .rootCause()
                .hasMessage("A member of a batch is neither a StoredInstance nor tells of one");
        assertThat(recorded().instances()).isEqualTo(2);
    }

    private static StoredInstance stored(int instance) {
        return TestInstance.stored("tenant", TestInstance.ct(1, 1, instance));
    }

    private static CloudEvent event(int instance) throws DicomException {
        return ImageStoredEvent.of(stored(instance), null, null).toCloudEvent("test", Instant.now(), null);
    }

    private ManifestStatistics recorded() {
        return template.requestBody("direct:statistics", null, ManifestStatistics.class);
    }

    @Test
    void takesThePolicyOfTheEndpoint() {
        template.requestBody("direct:record", stored(""), RecordOutcome.class);

        assertThat(template.requestBody("direct:refuse", stored("a"), RecordOutcome.class)
                        .kind())
                .isEqualTo(RecordOutcome.Kind.REFUSED);
        assertThat(template.requestBody("direct:record", stored("b"), RecordOutcome.class)
                        .kind())
                .isEqualTo(RecordOutcome.Kind.KEPT_FIRST);
        assertThat(template.requestBody("direct:keep-last", stored("c"), RecordOutcome.class)
                        .kind())
                .isEqualTo(RecordOutcome.Kind.REPLACED);
    }

    @Test
    void searchesLocatesAndCounts() {
        StoredInstance stored = stored("");
        template.requestBody("direct:record", stored);

        QueryResult found = template.requestBody(
                "direct:search",
                new Query("tenant", QueryLevel.STUDY, List.of(), List.of(), false, false, 10, 0),
                QueryResult.class);
        assertThat(found.matches()).hasSize(1);
        RetrievalResult located = template.requestBody(
                "direct:locate",
                new Retrieval("tenant", TestInstance.study(1), null, null, Retrieval.Content.LOCATIONS),
                RetrievalResult.class);
        assertThat(located.locations().get(0).objectName()).isEqualTo(stored.objectName());
        assertThat(template.requestBody("direct:statistics", null, ManifestStatistics.class)
                        .instances())
                .isEqualTo(1);
        assertThat(template.requestBodyAndHeader(
                                "direct:statistics",
                                null,
                                DicomManifestConstants.PROVIDER,
                                "x",
                                ManifestStatistics.class)
                        .instances())
                .isZero();
        assertThat(template.requestBody("direct:orphans", List.of(stored.objectName(), "lost"), List.class))
                .containsExactly("lost");
        assertThat(template.requestBody("direct:disagreements", TestInstance.study(1), List.class))
                .isEmpty();
        DicomManifestComponent component = context.getComponent("dicom-manifest", DicomManifestComponent.class);
        assertThat(component.recordedInstances()).isEqualTo(1);
        assertThat(component.recordedBatches()).isEqualTo(1);
        assertThat(component.failedInstances()).isZero();
        assertThat(component.retriedBatches()).isZero();
        assertThat(component.queueLength()).isZero();
    }

    @Test
    void deletesAnnouncesAndForgets() {
        StoredInstance stored = stored("");
        template.requestBody("direct:record", stored);

        assertThat(template.requestBody(
                        "dicom-manifest:revisions?provider=tenant&revisioningDelay=600&longestWait=6000",
                        null,
                        Integer.class))
                .isZero();
        assertThat(template.requestBody(
                        "dicom-manifest:revisions?provider=tenant&revisioningDelay=0&longestWait=6000",
                        null,
                        Integer.class))
                .isEqualTo(1);
        assertThat(template.requestBody(
                        "dicom-manifest:delete?provider=tenant",
                        new Deletion(null, TestInstance.study(1), null, null),
                        Long.class))
                .isEqualTo(1);
        assertThat(template.requestBody("dicom-manifest:removed?provider=tenant&retention=30d", null, List.class))
                .isEmpty();
        String removed = "dicom-manifest:removed?provider=tenant&retention=0";
        assertThat(template.requestBody(removed, null, List.class)).containsExactly(stored.objectName());
        assertThat(template.requestBody("dicom-manifest:forget?provider=tenant", stored.objectName(), String.class))
                .isEqualTo(stored.objectName());
        assertThat(template.requestBody(removed, null, List.class)).isEmpty();
    }

    @Test
    void takesItsProviderWhereTheMessageNamesNone() {
        StoredInstance named = stored("");
        template.requestBody(
                "direct:record",
                new StoredInstance(
                        null,
                        named.objectName(),
                        named.length(),
                        named.sha256(),
                        named.transferSyntax(),
                        named.dataSet()));

        QueryResult found = template.requestBody(
                "direct:search",
                new Query(null, QueryLevel.STUDY, List.of(), List.of(), false, false, 10, 0),
                QueryResult.class);
        assertThat(found.matches()).hasSize(1);
        assertThat(template.requestBody(
                                "direct:locate",
                                new Retrieval(null, TestInstance.study(1), null, null, Retrieval.Content.VERSION),
                                RetrievalResult.class)
                        .version())
                .isNotNull();
    }

    @Test
    void throwsWhatProtocolsAnswer() {
        assertThatThrownBy(() -> template.requestBody(
                        "direct:search",
                        new Query(
                                "tenant",
                                QueryLevel.STUDY,
                                List.of(TestManifest.key(Tag.StudyDate, "x")),
                                List.of(),
                                false,
                                false,
                                10,
                                0)))
                .isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(DicomException.class);
        assertThatThrownBy(() -> template.requestBody("direct:record", "not an instance"))
                .hasCauseInstanceOf(InvalidPayloadException.class);
    }

    @Test
    void namesTheOperationsThereAre() {
        assertThatThrownBy(() -> context.getEndpoint("dicom-manifest:remember"))
                .rootCause()
                .hasMessageContaining("no operation remember")
                .hasMessageContaining("record");
    }
}
