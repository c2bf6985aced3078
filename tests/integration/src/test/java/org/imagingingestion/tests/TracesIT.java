package org.imagingingestion.tests;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Spans go to a receiver of the test, by OTLP. */
class TracesIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    @TempDir
    Path folder;

    private final DataSet image = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 8, 8, 1);

    @Test
    void followAnInstanceFromTheRequestOverItsEventToWhoRecordsIt() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.start();
                DatabaseServer database = DatabaseServer.start(folder.resolve("database"));
                NatsServer nats = NatsServer.start(folder.resolve("nats"));
                ImagingIngestion stow = role("stow", nats, receiver).start();
                ImagingIngestion processor = role("event-processor", nats, receiver)
                        .environment("DB_HOST", "127.0.0.1")
                        .environment("DB_PORT", Integer.toString(database.port()))
                        .environment("DB_NAME", "postgres")
                        .environment("DB_USER", DatabaseServer.USER)
                        .environment("DB_PASS", DatabaseServer.PASSWORD)
                        .start()) {
            assertThat(store(stow).statusCode()).isEqualTo(200);

            await().atMost(AT_MOST).untilAsserted(() -> {
                assertThat(names(receiver, "imaging-ingestion-stow"))
                        .contains("POST /dicom-web/studies", "ingest", "storage space", "publish");
                assertThat(names(receiver, "imaging-ingestion-event-processor"))
                        .contains("event-driven-ingestion", "event-relay");
            });
            List<OtlpReceiver.Span> spans = receiver.spans(TRACE);
            Set<String> ids = spans.stream().map(OtlpReceiver.Span::id).collect(Collectors.toSet());
            assertThat(spans).allSatisfy(span -> {
                assertThat(span.parent())
                        .satisfiesAnyOf(parent -> assertThat(parent).isEqualTo(CALLER), parent -> assertThat(ids)
                                .contains(parent));
            });
            assertThat(nats.traces("DicomAvailableEvent")).containsOnly(TRACE);
            assertNobodyIsNamed(receiver);
            assertThat(processor.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void tellOfOperationsOfDimseByTheIdThatTheLogHasOfTheAssociation() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.start();
                ImagingIngestion server = ImagingIngestion.on(folder.resolve("data"))
                        .environment("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url())
                        .start()) {
            Path file = Files.write(folder.resolve("image.dcm"), Samples.file(image));
            new Dcmtk(folder, server.dimsePort()).run("storescu", "SERVER", file.toString());

            await().atMost(AT_MOST).until(() -> receiver.spans().stream()
                    .anyMatch(span -> span.name().startsWith("C-STORE")));
            OtlpReceiver.Span span = receiver.spans().stream()
                    .filter(any -> any.name().startsWith("C-STORE"))
                    .findFirst()
                    .orElseThrow();
            assertThat(span.attributes())
                    .containsEntry("dimse.sop_class", image.string(Tag.SOPClassUID))
                    .containsEntry("dimse.status", "0000H");
            assertThat(server.output())
                    .containsPattern(span.attributes().get("dimse.association")
                            + " DimseServer: Association of STORESCU .* released");
            await().atMost(AT_MOST).untilAsserted(() -> assertThat(receiver.spans(span.trace()))
                    .extracting(OtlpReceiver.Span::name)
                    .contains("ingest", "record", "storage space"));
            assertNobodyIsNamed(receiver);
        }
    }

    private ImagingIngestion.Builder role(String name, NatsServer nats, OtlpReceiver receiver) {
        return ImagingIngestion.on(folder.resolve("data"))
                .jvm("-Xmx256m")
                .environment("ROLE", name)
                .environment("NATS_URL", nats.url())
                .environment("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
    }

    private HttpResponse<String> store(ImagingIngestion server) {
        return server.send(HttpRequest.newBuilder(server.uri("/dicom-web/studies"))
                .header("Content-Type", "application/dicom")
                .header("Accept", "application/dicom+json")
                .header("traceparent", "00-" + TRACE + '-' + CALLER + "-01")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Samples.file(image))));
    }

    private static List<String> names(OtlpReceiver receiver, String service) {
        return receiver.spans(TRACE).stream()
                .filter(span -> span.service().equals(service))
                .map(OtlpReceiver.Span::name)
                .toList();
    }

    private void assertNobodyIsNamed(OtlpReceiver receiver) {
        assertThat(receiver.spans().toString())
                .doesNotContain("Doe")
                .doesNotContain(image.string(Tag.StudyInstanceUID))
                .doesNotContain(image.string(Tag.SeriesInstanceUID))
                .doesNotContain(image.string(Tag.SOPInstanceUID));
    }
}
