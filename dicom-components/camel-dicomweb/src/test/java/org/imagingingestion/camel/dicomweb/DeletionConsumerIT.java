package org.imagingingestion.camel.dicomweb;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.Deletion;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeletionConsumerIT {
    private final List<Deletion> deletions = new CopyOnWriteArrayList<>();
    private volatile long deleted = 1;
    private DicomwebTestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("wado:/dicom-web,/wado-rs,/dicom-web?operation=delete&provider=one")
                        .process(exchange -> {
                            deletions.add(exchange.getMessage().getBody(Deletion.class));
                            if (deleted < 0) {
                                throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The database is away");
                            }
                            exchange.getMessage().setBody(deleted);
                        });
                from("wado:/dicom-web").setBody(exchange -> new RetrievalResult(null, List.of(), List.of(), null));
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int delete(String path) throws Exception {
        HttpResponse<String> response = server.client.send(
                HttpRequest.newBuilder(server.uri(path)).DELETE().build(), BodyHandlers.ofString());
        return response.statusCode();
    }

    @Test
    void handsOnWhatIsToBeDeleted() throws Exception {
        assertThat(delete("/dicom-web/studies/1.2")).isEqualTo(204);
        assertThat(delete("/wado-rs/studies/1.2/series/1.2.3")).isEqualTo(204);
        assertThat(delete("/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4"))
                .isEqualTo(204);

        assertThat(deletions)
                .containsExactly(
                        new Deletion("one", "1.2", null, null),
                        new Deletion("one", "1.2", "1.2.3", null),
                        new Deletion("one", "1.2", "1.2.3", "1.2.3.4"));
    }

    @Test
    void answersWhatBecameOfIt() throws Exception {
        deleted = 0;
        assertThat(delete("/dicom-web/studies/1.2")).isEqualTo(404);
        deleted = -1;
        assertThat(delete("/dicom-web/studies/1.2")).isEqualTo(503);
    }

    @Test
    void deletesNothingElse() throws Exception {
        assertThat(delete("/dicom-web/studies/nonsense")).isEqualTo(400);
        assertThat(delete("/dicom-web/studies/1.2/series/*")).isEqualTo(400);
        assertThat(delete("/dicom-web/studies")).isEqualTo(404);
        assertThat(delete("/dicom-web/studies/1.2/metadata")).isEqualTo(405);
        assertThat(delete("/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/1"))
                .isEqualTo(405);

        assertThat(deletions).isEmpty();
    }
}
