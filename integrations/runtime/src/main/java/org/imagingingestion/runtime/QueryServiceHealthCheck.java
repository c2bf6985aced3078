package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready as long as the query service answers, where that is asked in place of a database. */
@Readiness
@ApplicationScoped
public class QueryServiceHealthCheck implements HealthCheck {
    private static final Duration AT_MOST = Duration.ofSeconds(5);
    private static final int SERVER_ERROR = 500;

    @ConfigProperty(name = "imaging.wado.query-endpoint")
    Optional<String> endpoint;

    private final LastingCheck check = new LastingCheck(this::ask);
    private HttpClient client;

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("Query service").withData("used", endpoint.isPresent());
        if (endpoint.isEmpty()) {
            return response.up().build();
        }
        try {
            check.run();
            return response.up().build();
        } catch (IOException e) {
            return response.withData("problem", StartupException.reason(e))
                    .down()
                    .build();
        }
    }

    /** Made when it is asked, and not by the event loop that makes this. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(AT_MOST).build();
        }
        return client;
    }

    /** For a study that nobody has. */
    private void ask() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.get() + "/studies/0?source=0&content=version"))
                .timeout(AT_MOST)
                .build();
        try {
            int status = client().send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status >= SERVER_ERROR) {
                throw new IOException("it answers " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
