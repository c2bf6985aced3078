package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.camel.CamelContext;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of one DICOMweb service: knows where it is, how to be let in, and when to try again. Any thread may use it. */
final class DicomwebClient implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DicomwebClient.class);

    private final String root;
    private final Transport transport;
    private final Authorization authorization;
    private final Retries retries;
    private final boolean logPhi;
    private final CountDownLatch closed;
    private final Map<String, String> traceHeaders;

    /** @param root URL of the service, with no slash at its end */
    DicomwebClient(String root, Transport transport, Authorization authorization, Retries retries, boolean logPhi) {
        this(root, transport, authorization, retries, logPhi, new CountDownLatch(1), Map.of());
    }

    private DicomwebClient(
            String root,
            Transport transport,
            Authorization authorization,
            Retries retries,
            boolean logPhi,
            CountDownLatch closed,
            Map<String, String> traceHeaders) {
        this.root = root;
        this.transport = transport;
        this.authorization = authorization;
        this.retries = retries;
        this.logPhi = logPhi;
        this.closed = closed;
        this.traceHeaders = traceHeaders;
    }

    /** The same client, whose requests are part of a trace. @param traceparent {@code null} for none */
    DicomwebClient within(String traceparent) {
        return ServiceHeaders.isTraceparent(traceparent)
                ? new DicomwebClient(
                        root,
                        transport,
                        authorization,
                        retries,
                        logPhi,
                        closed,
                        Map.of(ServiceHeaders.TRACEPARENT, traceparent))
                : this;
    }

    /**
     * The client that options ask for.
     *
     * @param option that has the address
     * @param scheduler for the time limits; shut down by its owner
     * @throws IllegalArgumentException where an option cannot be, naming it
     */
    static DicomwebClient create(
            CamelContext camelContext,
            String option,
            String address,
            ClientConfiguration configuration,
            AuthenticationConfiguration authentication,
            long idleTimeout,
            boolean expectContinue,
            ScheduledExecutorService scheduler)
            throws GeneralSecurityException, IOException {
        String root = Transport.url(option, address).toString();
        Retries retries = Retries.of(configuration);
        Transport transport = new Transport(
                configuration, idleTimeout, expectContinue, ClientTls.of(authentication, camelContext), scheduler);
        try {
            return new DicomwebClient(
                    root.endsWith("/") ? root.substring(0, root.length() - 1) : root,
                    transport,
                    Authorization.of(authentication, transport),
                    retries,
                    configuration.isLogPhi());
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    /** How often something may be tried again. */
    int maximumRetries() {
        return retries.maximum();
    }

    /** The exception for an answer that is none to what was asked for. */
    DicomwebException refusal(DicomStatus status, Answer answer) {
        String quote = logPhi ? answer.quote() : null;
        answer.drain();
        return DicomwebException.refused(status, answer.status(), quote, answer.header("Retry-After"));
    }

    /**
     * Makes a request, more than once where that may help.
     *
     * @param request its address below the service
     * @return the answer, whatever its status
     * @throws SourceException at once, where what is to be sent cannot be read
     */
    Answer send(ClientRequest request) throws IOException, DicomException, InterruptedException {
        Map<String, String> headers = new HashMap<>(request.headers());
        headers.putAll(traceHeaders);
        ClientRequest absolute = new ClientRequest(request.method(), root + request.address(), headers, request.body());
        for (int again = 0; ; again++) {
            Answer answer = null;
            IOException failure = null;
            try {
                answer = attempt(absolute);
                if (!request.isRepeatable() || !retries.isWorthwhile(answer.status())) {
                    return answer;
                }
            } catch (SourceException e) {
                throw e;
            } catch (IOException e) {
                requireGoingOn(e);
                if (!request.isRepeatable()) {
                    throw e;
                }
                failure = e;
            }
            long delay = retries.delay(again, answer == null ? null : answer.header("Retry-After"));
            if (delay < 0 && answer != null) {
                return answer;
            }
            if (delay < 0) {
                throw failure;
            }
            LOG.debug(
                    "A {} is tried again in {} ms: {}",
                    request.method(),
                    delay,
                    answer == null ? failure.getClass().getName() : answer.status());
            if (answer != null) {
                answer.close();
            }
            if (closed.await(delay, TimeUnit.MILLISECONDS)) {
                throw new InterruptedIOException("The producer has been stopped");
            }
        }
    }

    /** One attempt, or two where the first was not let in and there is something better to say. */
    private Answer attempt(ClientRequest request) throws IOException, DicomException {
        String header = authorization.header();
        Answer answer = transport.send(request, header);
        if (answer.status() != 401 || header == null || !request.isRepeatable()) {
            return answer;
        }
        boolean renewed;
        try {
            renewed = authorization.renew(header);
        } catch (IOException | DicomException e) {
            answer.close();
            throw e;
        }
        if (!renewed) {
            return answer;
        }
        answer.close();
        return transport.send(request, authorization.header());
    }

    private void requireGoingOn(IOException failure) throws IOException, InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("The request was interrupted");
        }
        if (closed.getCount() == 0) {
            throw failure;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        transport.close();
    }
}
