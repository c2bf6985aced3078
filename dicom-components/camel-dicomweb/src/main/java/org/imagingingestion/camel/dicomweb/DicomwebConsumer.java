package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.imagingingestion.camel.dicomweb.DicomwebServer.Resource;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/** Takes the requests of one service: so many at once, so many in wait, and an answer to each whatever happens. */
abstract class DicomwebConsumer extends DefaultConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(DicomwebConsumer.class);
    private static final int RETRY_AFTER_SECONDS = 5;
    /** The trace context of the request that a thread works on. */
    private static final ThreadLocal<String> TRACE = new ThreadLocal<>();

    /** Answers one request, on a thread that may block. */
    @FunctionalInterface
    interface Handler {
        void handle(HttpCall call) throws Exception;
    }

    private final DicomwebEndpoint endpoint;
    private final List<Resource> resources = new ArrayList<>();
    private ExecutorService workers;

    DicomwebConsumer(DicomwebEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    /** Adds a resource; to be called while the consumer is made. */
    final void resource(HttpMethod method, String template, Handler handler) {
        resources.add(Resource.of(method, template, (context, path) -> accept(context, path, handler)));
    }

    /** Requests that wait for a thread. */
    public int waiting() {
        return workers instanceof ThreadPoolExecutor pool ? pool.getQueue().size() : 0;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        workers = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newThreadPool(
                        this,
                        endpoint.getEndpointUri(),
                        new ThreadPoolProfileBuilder("dicomweb")
                                .poolSize(endpoint.getConcurrentRequests())
                                .maxPoolSize(endpoint.getConcurrentRequests())
                                .maxQueueSize(endpoint.getWaitingRequests())
                                .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                                .build());
        endpoint.roots()
                .forEach(root -> DicomwebServer.of(endpoint.getCamelContext()).add(root, resources));
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.roots()
                .forEach(root -> DicomwebServer.of(endpoint.getCamelContext()).remove(root, resources));
        endpoint.getCamelContext().getExecutorServiceManager().shutdownGraceful(workers);
        super.doStop();
    }

    private void accept(RoutingContext context, List<String> path, Handler handler) {
        HttpCall call = new HttpCall(context, path, endpoint);
        try {
            workers.execute(() -> handle(call, handler));
        } catch (RejectedExecutionException e) {
            answerFailure(call, 503, "Too many requests are waiting");
        }
    }

    private void handle(HttpCall call, Handler handler) {
        try {
            TRACE.set(call.header(ServiceHeaders.TRACEPARENT));
            handler.handle(call);
        } catch (HttpException e) {
            answerFailure(call, e.httpStatus(), e.getMessage());
        } catch (DicomException e) {
            if (call.isAnswered()) {
                LOG.error("An answer to {} breaks off: {}", call.method(), e.getMessage());
            }
            answerFailure(call, e.status().httpStatus(), e.getMessage());
        } catch (IOException e) {
            LOG.debug("{} was not answered in full: {}", call.method(), e.getMessage());
            call.abort();
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            LOG.error("{} failed: {}", call.method(), e.getClass().getName());
            LOG.debug("The failure", e);
            answerFailure(call, DicomStatus.PROCESSING_FAILURE.httpStatus(), "The request could not be worked on");
        } finally {
            TRACE.remove();
        }
    }

    private static void answerFailure(HttpCall call, int status, String message) {
        if (call.isAnswered()) {
            call.abort();
            return;
        }
        call.reset();
        if (status == 503) {
            call.set("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
        }
        call.sendText(status, message);
    }

    /** Runs the route with a body and returns what it left there. @throws Exception what the route ended with */
    final <T> T route(Object body, Class<T> answer) throws Exception {
        Exchange exchange = createExchange(false);
        try {
            exchange.getIn().setBody(body);
            String trace = TRACE.get();
            if (ServiceHeaders.isTraceparent(trace)) {
                exchange.getIn().setHeader(ServiceHeaders.TRACEPARENT, trace);
            }
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            Object result = exchange.getMessage().getBody();
            if (!answer.isInstance(result)) {
                throw new IllegalStateException(
                        "The route of " + endpoint.getEndpointUri() + " is to end with a " + answer.getSimpleName());
            }
            return answer.cast(result);
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
