package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.cloudevents.CloudEvents;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/** Events in routes: what they look like there, and what can be done about those that were not delivered. */
class EventsIT {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final List<Exchange> received = Collections.synchronizedList(new ArrayList<>());
    private AgroalDataSource dataSource;
    private DefaultCamelContext context;
    private ProducerTemplate template;
    private volatile DicomStatus failure;

    @BeforeEach
    void start() throws Exception {
        dataSource = TestServer.pool(TestServer.newDatabase(), 8);
        context = new DefaultCamelContext();
        context.getRegistry().bind("database", dataSource);
        DicomManifestComponent component = new DicomManifestComponent();
        component.setOwnProvider("p");
        context.addComponent("dicom-manifest", component);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:record").to("dicom-manifest:record");
                from("direct:deliveries").to("dicom-manifest:deliveries");
                from("direct:dead-letters").to("dicom-manifest:dead-letters");
                from("direct:replay").to("dicom-manifest:replay?subscription=forward");
                from("direct:unsubscribe").to("dicom-manifest:unsubscribe");
                from("dicom-manifest:events?subscription=forward&types=DicomAvailableEvent, StudyRevisionEvent&backoff=10")
                        .routeId("forward")
                        .process(exchange -> {
                            if (failure != null) {
                                throw new DicomException(failure, "made up");
                            }
                            received.add(exchange.copy());
                        });
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

    private StoredInstance record(int study, int instance) {
        StoredInstance stored = TestInstance.stored("p", TestInstance.ct(study, 1, instance));
        template.requestBodyAndHeader("direct:record", stored, DicomManifestConstants.TRACEPARENT, TRACEPARENT);
        return stored;
    }

    private DeliveryStatistics statistics() {
        return (DeliveryStatistics)
                template.requestBody("direct:deliveries", null, List.class).get(0);
    }

    private List<?> deadLetters() {
        return template.requestBody("direct:dead-letters", null, List.class);
    }

    private void awaitDelivered(int count) {
        await().until(() -> received.size() == count && statistics().pending() == 0);
    }

    @Test
    void recordsWhatAnEventTellsToBeStored() throws Exception {
        StoredInstance stored =
                TestInstance.stored("p", TestInstance.ct(7, 1, 1)).withReceivedFrom("CT99");
        CloudEvent event = ImageStoredEvent.of(stored, null, null).toCloudEvent("urn:stow", Instant.now(), TRACEPARENT);

        template.requestBody("direct:record", event);
        template.requestBody("direct:record", event);
        awaitDelivered(1);

        assertThat(DicomAvailableEvent.parse(received.get(0).getMessage().getBody(byte[].class))
                        .receivedFrom())
                .isEqualTo("CT99");
        CloudEvent brief =
                ImageStoredEvent.of(stored, null, null).withoutHeader().toCloudEvent("urn:stow", Instant.now(), null);
        assertThatThrownBy(() -> template.requestBody("direct:record", brief))
                .isInstanceOf(CamelExecutionException.class);
    }

    @Test
    void looksLikeACloudEvent() throws Exception {
        StoredInstance stored = record(1, 1);
        awaitDelivered(1);

        Exchange exchange = received.get(0);
        Map<String, Object> headers = exchange.getMessage().getHeaders();
        DicomAvailableEvent event =
                DicomAvailableEvent.parse(exchange.getMessage().getBody(byte[].class));
        assertThat(event.provider()).isEqualTo("p");
        assertThat(event.sopInstanceUID()).isEqualTo(TestInstance.instance(1, 1, 1));
        assertThat(event.sha256()).isEqualTo(java.util.HexFormat.of().formatHex(stored.sha256()));
        assertThat(event.modality()).isEqualTo("CT");
        assertThat(event.stationName()).isEqualTo("CT01");
        assertThat(headers)
                .containsEntry(CloudEvents.CAMEL_CLOUD_EVENT_VERSION, "1.0")
                .containsEntry(CloudEvents.CAMEL_CLOUD_EVENT_TYPE, "DicomAvailableEvent")
                .containsEntry(CloudEvents.CAMEL_CLOUD_EVENT_SOURCE, "imaging-ingestion")
                .containsEntry(
                        CloudEvents.CAMEL_CLOUD_EVENT_SUBJECT,
                        "/studies/" + TestInstance.study(1) + "/series/" + TestInstance.series(1, 1) + "/instances/"
                                + TestInstance.instance(1, 1, 1))
                .containsEntry(CloudEvents.CAMEL_CLOUD_EVENT_DATA_CONTENT_TYPE, "application/json")
                .containsEntry("CamelCloudEventPartitionKey", "p/" + TestInstance.study(1))
                .containsEntry("CamelDicomManifestStudyInstanceUID", TestInstance.study(1))
                .containsEntry(ServiceHeaders.PROVIDER, "p")
                .containsEntry("CamelDicomManifestAttempts", 0)
                .containsEntry("traceparent", TRACEPARENT);
        CloudEvent whole = exchange.getMessage().getMandatoryBody(CloudEvent.class);
        assertThat(whole.id()).isEqualTo(headers.get(CloudEvents.CAMEL_CLOUD_EVENT_ID));
        assertThat(whole.traceparent()).isEqualTo(TRACEPARENT);
        assertThat(context.getTypeConverter().convertTo(String.class, whole))
                .isEqualTo(exchange.getMessage().getBody(String.class));
        assertThat(headers.get(CloudEvents.CAMEL_CLOUD_EVENT_ID).toString()).hasSize(32);
        assertThat(Instant.parse(headers.get(CloudEvents.CAMEL_CLOUD_EVENT_TIME).toString()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void tellsOfItsOwnProviderOnlyUnlessItSaysOtherwise() throws Exception {
        List<String> ofAll = new CopyOnWriteArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("dicom-manifest:events?subscription=all&provider=*")
                        .process(exchange ->
                                ofAll.add(exchange.getMessage().getHeader(ServiceHeaders.PROVIDER, String.class)));
            }
        });
        template.requestBody("direct:record", TestInstance.stored("q", TestInstance.ct(1, 1, 1)));
        record(1, 1);

        await().until(() -> ofAll.size() == 2);
        awaitDelivered(1);

        assertThat(ofAll).containsExactlyInAnyOrder("p", "q");
        assertThat(received.get(0).getMessage().getHeader(ServiceHeaders.PROVIDER))
                .isEqualTo("p");
        assertThat(template.requestBody("direct:deliveries", null, List.class)).hasSize(1);
        assertThat(template.requestBody("dicom-manifest:deliveries?provider=*", null, List.class))
                .hasSize(2);
        assertThat(template.requestBody(
                        "dicom-manifest:revisions?revisioningDelay=0&longestWait=0", null, Integer.class))
                .isEqualTo(1);
        assertThat(template.requestBody(
                        "dicom-manifest:revisions?revisioningDelay=0&longestWait=0&provider=*", null, Integer.class))
                .isEqualTo(1);
    }

    @Test
    void keepsEventsWhileItsRouteIsStopped() throws Exception {
        context.getRouteController().stopRoute("forward");
        for (int i = 1; i <= 5; i++) {
            record(1, i);
        }
        assertThat(statistics().pending()).isEqualTo(5);

        context.getRouteController().startRoute("forward");

        awaitDelivered(5);
        assertThat(statistics().delivered()).isEqualTo(5);
        DicomManifestConsumer consumer =
                (DicomManifestConsumer) context.getRoute("forward").getConsumer();
        assertThat(consumer.delivered()).isEqualTo(5);
        assertThat(consumer.failed()).isZero();
        assertThat(consumer.subscription()).isEqualTo("forward");
    }

    @Test
    void replaysDeadLettersAStudyOrATimeSpan() {
        failure = DicomStatus.INVALID_ATTRIBUTE_VALUE;
        record(1, 1);
        await().until(() -> deadLetters().size() == 1);
        failure = null;
        record(2, 1);
        record(2, 2);
        awaitDelivered(2);

        assertThat(template.requestBody("direct:replay", null, Long.class)).isEqualTo(1);
        awaitDelivered(3);
        assertThat(deadLetters()).isEmpty();

        assertThat(template.requestBodyAndHeader(
                        "direct:replay",
                        null,
                        DicomManifestConstants.STUDY_INSTANCE_UID,
                        TestInstance.study(2),
                        Long.class))
                .isEqualTo(2);
        awaitDelivered(5);

        Map<String, Object> span = Map.of(
                DicomManifestConstants.FROM,
                Instant.now().minusSeconds(60).toString(),
                DicomManifestConstants.TO,
                Instant.now().plusSeconds(60).toString());
        assertThat(template.requestBodyAndHeaders("direct:replay", null, span, Long.class))
                .isEqualTo(3);
        awaitDelivered(8);
        assertThat(template.requestBodyAndHeader(
                        "direct:replay",
                        null,
                        DicomManifestConstants.TO,
                        Instant.now().minusSeconds(60).toString(),
                        Long.class))
                .isZero();
    }

    @Test
    void keepsWhatOthersCouldNotDeliverUntilItIsReplayed() throws Exception {
        record(1, 1);
        awaitDelivered(1);
        CloudEvent told = received.get(0).getMessage().getBody(CloudEvent.class);
        CloudEvent foreign = ImageStoredEvent.of(TestInstance.stored("p", TestInstance.ct(7, 1, 1)), null, null)
                .toCloudEvent("urn:stow", Instant.now(), null);

        for (CloudEvent event : List.of(told, foreign, foreign)) {
            assertThat(template.requestBody("dicom-manifest:bury?subscription=forward", event))
                    .isSameAs(event);
        }

        assertThat(new Subscriptions(dataSource).deadLetters(Providers.of("p"), "forward"))
                .extracting(DeadLetter::id, DeadLetter::type, DeadLetter::attempts, DeadLetter::lastError)
                .containsExactlyInAnyOrder(
                        tuple(told.id(), "DicomAvailableEvent", 1, "The broker could not deliver it"),
                        tuple(foreign.id(), "ImageStoredEvent", 2, "The broker could not deliver it"));
        assertThat(statistics().pending()).isZero();
        assertThat(template.requestBody("direct:replay", null, Long.class)).isEqualTo(2);
        awaitDelivered(3);
        assertThat(deadLetters()).isEmpty();
        assertThat(received.subList(1, 3))
                .extracting(exchange -> context.getTypeConverter()
                        .convertTo(String.class, exchange.getMessage().getBody()))
                .containsExactlyInAnyOrder(
                        new String(told.data(), StandardCharsets.UTF_8),
                        new String(foreign.data(), StandardCharsets.UTF_8));
        CloudEvent ofAnother = ImageStoredEvent.of(TestInstance.stored("q", TestInstance.ct(7, 1, 1)), null, null)
                .toCloudEvent("urn:stow", Instant.now(), null);
        assertStatus(
                () -> template.requestBody("dicom-manifest:bury?subscription=forward", ofAnother),
                DicomStatus.INVALID_ARGUMENT_VALUE);
        assertStatus(
                () -> template.requestBody("dicom-manifest:bury?subscription=none", foreign),
                DicomStatus.OUT_OF_RESOURCES);
    }

    @Test
    void removesASubscriptionWhoseRouteIsGone() throws Exception {
        Map<String, Object> forward = Map.of(DicomManifestConstants.SUBSCRIPTION, "forward");
        await().untilAsserted(() -> assertStatus(
                () -> template.requestBodyAndHeaders("direct:unsubscribe", null, forward),
                DicomStatus.CLASS_INSTANCE_CONFLICT));
        context.getRouteController().stopRoute("forward");
        record(1, 1);
        record(1, 2);

        assertThat(template.requestBodyAndHeaders("direct:unsubscribe", null, forward, Long.class))
                .isEqualTo(2);

        record(1, 3);
        assertThat(TestServer.rows(dataSource, "SELECT seq FROM manifest.delivery"))
                .isEmpty();
        assertThat(template.requestBody("direct:deliveries", null, List.class)).isEmpty();
        assertStatus(
                () -> template.requestBodyAndHeaders("direct:unsubscribe", null, forward),
                DicomStatus.NO_SUCH_OBJECT_INSTANCE);
    }

    private static void assertStatus(ThrowingCallable call, DicomStatus status) {
        assertThatThrownBy(call)
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void saysWhatItCannotDo() {
        assertStatus(() -> template.requestBody("direct:unsubscribe", (Object) null), DicomStatus.MISSING_ATTRIBUTE);
        assertStatus(
                () -> template.requestBodyAndHeader("direct:replay", null, DicomManifestConstants.FROM, "yesterday"),
                DicomStatus.INVALID_ARGUMENT_VALUE);
        assertStatus(
                () -> template.requestBodyAndHeader(
                        "direct:replay", null, DicomManifestConstants.SUBSCRIPTION, "x\0'; DROP TABLE manifest.event"),
                DicomStatus.NO_SUCH_OBJECT_INSTANCE);
        for (String uri : new String[] {
            "dicom-manifest:events", "dicom-manifest:events?subscription=a&parallel=0", "dicom-manifest:record"
        }) {
            assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from(uri).to("direct:record");
                        }
                    }))
                    .as(uri)
                    .isInstanceOf(Exception.class);
        }
        assertThatThrownBy(() -> template.sendBody("dicom-manifest:events?subscription=a", null))
                .rootCause()
                .hasMessageContaining("can only be received from");
    }

    @Test
    void removesOldEventsThatAreDelivered() {
        record(1, 1);
        record(1, 2);
        awaitDelivered(2);
        failure = DicomStatus.OUT_OF_RESOURCES;
        record(2, 1);
        failure = DicomStatus.NO_SUCH_ATTRIBUTE;
        record(3, 1);
        await().until(() -> deadLetters().size() >= 1);
        failure = DicomStatus.OUT_OF_RESOURCES;
        record(4, 1);

        new EventRetention(dataSource, Duration.ofDays(1)).run();
        assertThat(TestServer.rows(dataSource, "SELECT seq FROM manifest.event"))
                .hasSize(5);

        TestServer.execute(dataSource, "UPDATE manifest.event SET time = time - interval '2 days'");
        new EventRetention(dataSource, Duration.ofDays(1)).run();

        assertThat(TestServer.rows(dataSource, "SELECT subject FROM manifest.event ORDER BY seq"))
                .noneMatch(subject -> subject.startsWith("/studies/" + TestInstance.study(1) + "/"))
                .hasSize(3);
        failure = null;
        template.requestBody("direct:replay", (Object) null);
        awaitDelivered(5);
    }
}
