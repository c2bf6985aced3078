package org.imagingingestion.camel.events;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.service.RetryAfter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts the event that is the body in binary mode, and goes on when the receiver has taken it. */
public class CloudEventsProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(CloudEventsProducer.class);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_LONG = 413;

    /** So much longer than a request may take is waited for the client to say so. */
    private static final long GRACE = 1_000;

    private final CloudEventsEndpoint endpoint;
    private final URI sink;
    private volatile HttpClient client;

    CloudEventsProducer(CloudEventsEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        sink = URI.create(endpoint.getAddress());
        if (sink.getHost() == null) {
            throw new IllegalArgumentException("Events cannot be sent to " + endpoint.getAddress() + ": it is no URL");
        }
        client = newClient();
    }

    private HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofMillis(endpoint.getTimeout()))
                .build();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        CloudEvent event = exchange.getMessage().getMandatoryBody(CloudEvent.class);
        HttpRequest request = request(event, EventMessage.traceparent(exchange.getMessage(), event));
        for (int attempt = 1; ; attempt++) {
            DicomException failure = send(request);
            if (failure == null) {
                return;
            }
            boolean isTemporary = failure.status() == DicomStatus.OUT_OF_RESOURCES;
            if (!isTemporary || attempt == endpoint.getMaxAttempts() || failure.retryAfter() > endpoint.getTimeout()) {
                throw failure;
            }
            TimeUnit.MILLISECONDS.sleep(Math.max(failure.retryAfter(), delay(attempt)));
        }
    }

    private long delay(int attempt) {
        long most = Math.max(2, endpoint.getRetryDelay() << Math.min(attempt - 1, 10));
        return ThreadLocalRandom.current().nextLong(most / 2, most) + 1;
    }

    private HttpRequest request(CloudEvent event, String traceparent) {
        HttpRequest.Builder request = HttpRequest.newBuilder(sink)
                .timeout(Duration.ofMillis(endpoint.getTimeout()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(event.data()));
        CloudEventHttp.headers(event).forEach(request::header);
        if (traceparent != null) {
            request.header(EventConstants.TRACEPARENT, traceparent);
        }
        return request.build();
    }

    /** @return why the receiver has not taken it, OUT_OF_RESOURCES where it may later; {@code null} where it has */
    private DicomException send(HttpRequest request) throws InterruptedException {
        HttpClient used = client;
        try {
            HttpResponse<Void> answer = used.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .get(endpoint.getTimeout() + GRACE, TimeUnit.MILLISECONDS);
            int status = answer.statusCode();
            return status / 100 == 2
                    ? null
                    : new EventRefusedException(
                            status(status),
                            status,
                            RetryAfter.milliseconds(
                                    answer.headers().firstValue("Retry-After").orElse(null)));
        } catch (ExecutionException e) {
            if (!isOfTheNetwork(e.getCause())) {
                renew(used);
            }
            return unreachable(e.getCause());
        } catch (TimeoutException | RejectedExecutionException e) {
            renew(used);
            return unreachable(e);
        }
    }

    private static DicomException unreachable(Throwable e) {
        return new DicomException(DicomStatus.OUT_OF_RESOURCES, "The broker cannot be reached", e);
    }

    private static DicomStatus status(int httpStatus) {
        if (httpStatus == TOO_LONG) {
            // of this event it always will be
            return DicomStatus.INVALID_OBJECT_INSTANCE;
        }
        boolean temporary = httpStatus / 100 == 5 || httpStatus == TOO_MANY_REQUESTS || httpStatus == REQUEST_TIMEOUT;
        return temporary ? DicomStatus.OUT_OF_RESOURCES : DicomStatus.PROCESSING_FAILURE;
    }

    /** The client's one thread may have ended, as by an OutOfMemoryError: it then sends nothing, and may not say so either. */
    private static boolean isOfTheNetwork(Throwable failure) {
        return failure instanceof IOException
                && !String.valueOf(failure.getMessage()).contains("selector manager");
    }

    private synchronized void renew(HttpClient used) {
        if (client == used) {
            LOG.warn("The client of the broker does not work any more, and another one takes its place");
            client = newClient();
        }
    }
}
