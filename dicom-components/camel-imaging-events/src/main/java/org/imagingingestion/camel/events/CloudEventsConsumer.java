package org.imagingingestion.camel.events;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;

/**
 * Takes events that are posted, and answers when their route has ended: 202 where it succeeded, 400 where the event cannot ever be
 * processed, 503 or 500 where it is to be sent again.
 */
public class CloudEventsConsumer extends DefaultConsumer implements EventSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(CloudEventsConsumer.class);
    private static final int ACCEPTED = 202;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LONG = 413;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;
    /** In seconds. */
    private static final long RETRY_AFTER = 2;

    private final CloudEventsEndpoint endpoint;
    private final AtomicLong held = new AtomicLong();
    private final Tally tally = new Tally();
    private ExecutorService workers;
    private Route route;

    CloudEventsConsumer(CloudEventsEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    public String subscription() {
        String address = endpoint.getAddress();
        return endpoint.getSubscription() == null
                ? address.substring(address.lastIndexOf('/') + 1)
                : endpoint.getSubscription();
    }

    @Override
    public long delivered() {
        return tally.delivered();
    }

    @Override
    public long failures() {
        return tally.failures();
    }

    /** What is pending only the broker knows. */
    @Override
    public DeliveryStatistics statistics() {
        return tally.statistics(subscription(), endpoint.getType(), 0, Duration.ZERO);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        workers = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newThreadPool(
                        this,
                        endpoint.getEndpointUri(),
                        new ThreadPoolProfileBuilder("cloudevents")
                                .poolSize(endpoint.getConcurrentRequests())
                                .maxPoolSize(endpoint.getConcurrentRequests())
                                .maxQueueSize(endpoint.getWaitingRequests())
                                .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                                .build());
        route = router().post(endpoint.getAddress()).handler(this::receive);
    }

    private VertxPlatformHttpRouter router() {
        return endpoint.getCamelContext().getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("Events by HTTP need the Vert.x HTTP server of camel-platform-http"));
    }

    @Override
    protected void doStop() throws Exception {
        route.remove();
        endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(workers);
        super.doStop();
    }

    /** On the event loop: takes the body, so long as it is no longer than it may be, and no more of all bodies than there is room for. */
    private void receive(RoutingContext context) {
        HttpServerRequest request = context.request();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        AtomicBoolean over = new AtomicBoolean();
        context.addEndHandler(end -> {
            over.set(true);
            held.addAndGet(-body.size());
        });
        request.handler(bytes -> {
            if (over.get() || context.response().ended()) {
                return;
            }
            if (body.size() + bytes.length() > endpoint.getMaxLength()) {
                context.response().putHeader("Connection", "close");
                answer(context, TOO_LONG, "The event is longer than " + endpoint.getMaxLength() + " bytes");
            } else if (held.get() + bytes.length() > endpoint.getMaxBytesInFlight()) {
                context.response().putHeader("Connection", "close");
                answer(context, UNAVAILABLE, "Too many events are waiting");
            } else {
                held.addAndGet(bytes.length());
                body.writeBytes(bytes.getBytes());
            }
        });
        request.endHandler(end -> {
            if (!over.get() && !context.response().ended()) {
                work(context, body.toByteArray());
            }
        });
        request.resume();
    }

    private void work(RoutingContext context, byte[] body) {
        try {
            workers.execute(() -> handle(context, body));
        } catch (RejectedExecutionException e) {
            answer(context, UNAVAILABLE, "Too many events are waiting");
        }
    }

    private void handle(RoutingContext context, byte[] body) {
        CloudEvent event;
        try {
            event = CloudEventHttp.read(context.request()::getHeader, body);
        } catch (DicomException e) {
            answer(context, BAD_REQUEST, e.getMessage());
            return;
        }
        if (endpoint.getType() != null && !endpoint.getType().equals(event.type())) {
            answer(context, BAD_REQUEST, "Events of this type are not taken here");
            return;
        }
        Throwable problem = route(event);
        if (problem == null) {
            tally.delivered(event.id());
            answer(context, ACCEPTED, "");
            return;
        }
        DeliveryFailure failure = DeliveryFailure.of(problem);
        tally.failed(event.id(), failure.reason());
        if (failure.isFinal()) {
            tally.died(event.id(), failure.reason());
            LOG.error("An event is refused: {}", failure.reason());
            answer(context, BAD_REQUEST, failure.reason());
        } else {
            LOG.debug("An event is not processed: {}", failure.reason());
            long seconds = (failure.retryAfter() + 999) / 1000;
            int status = failure.isOutage() ? UNAVAILABLE : FAILED;
            answer(context, status, "The event cannot be processed now", Math.max(RETRY_AFTER, seconds));
        }
    }

    private Throwable route(CloudEvent event) {
        Exchange exchange = createExchange(false);
        try {
            EventMessage.set(exchange.getIn(), event);
            getProcessor().process(exchange);
            return exchange.getException();
        } catch (Throwable e) {
            return e;
        } finally {
            releaseExchange(exchange, false);
        }
    }

    private static void answer(RoutingContext context, int status, String text) {
        answer(context, status, text, RETRY_AFTER);
    }

    private static void answer(RoutingContext context, int status, String text, long retryAfter) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        context.response().setStatusCode(status);
        if (status == UNAVAILABLE) {
            context.response().putHeader("Retry-After", Long.toString(retryAfter));
        }
        if (text.isEmpty()) {
            context.response().end();
        } else {
            context.response()
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(text + "\n");
        }
    }
}
