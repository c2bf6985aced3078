package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

import org.apache.camel.CamelContext;
import org.apache.hc.core5.http.ContentType;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/**
 * A client of another HTTP service, with the connections, the authentication, the retries and the limits of the producers of DICOMweb.
 * Any thread may use it.
 */
public final class RestClient implements Closeable {
    private final CamelContext camelContext;
    private final ScheduledExecutorService scheduler;
    private final DicomwebClient client;

    /**
     * @param option that has the address, for messages
     * @param address URL of the service
     * @param idleTimeout longest time without a byte to or from the service, in milliseconds
     * @throws IllegalArgumentException where an option cannot be, naming it
     */
    public RestClient(
            CamelContext camelContext,
            String option,
            String address,
            ClientConfiguration configuration,
            AuthenticationConfiguration authentication,
            long idleTimeout)
            throws GeneralSecurityException, IOException {
        this.camelContext = camelContext;
        scheduler = camelContext.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "rest-client");
        DicomwebClient created = null;
        try {
            created = DicomwebClient.create(
                    camelContext, option, address, configuration, authentication, idleTimeout, false, scheduler);
        } finally {
            if (created == null) {
                camelContext.getExecutorServiceManager().shutdownNow(scheduler);
            }
        }
        client = created;
    }

    /** What the service answers, to be closed. */
    public final class Response implements Closeable {
        private final Answer answer;

        private Response(Answer answer) {
            this.answer = answer;
        }

        /** HTTP status code. */
        public int status() {
            return answer.status();
        }

        /** Whether what was asked for is done. */
        public boolean isSuccess() {
            return answer.isSuccess();
        }

        /** The body, not compressed any more. */
        public InputStream body() throws IOException {
            return answer.body();
        }

        /** The exception for an answer that is none to what was asked for. It quotes the service where {@code logPhi} allows that. */
        public DicomException refusal(DicomStatus status) {
            return client.refusal(status, answer);
        }

        /** Reads what is left where it is short, so that the connection can be used again. */
        @Override
        public void close() {
            answer.drain();
            answer.close();
        }
    }

    /**
     * Makes a request, more than once where that may help: it has to be one that can be repeated.
     *
     * @param path below the service, with a slash or a question mark before it, or empty
     * @param contentType of the body
     * @param body {@code null} for none
     * @return the answer, whatever its status
     * @throws IOException where there is none
     * @throws DicomException where the client is not let in
     */
    public Response send(String method, String path, Map<String, String> headers, String contentType, byte[] body)
            throws IOException, DicomException, InterruptedException {
        ClientRequest.Body content = body == null ? null : new BytesBody(body, ContentType.parse(contentType));
        return new Response(client.send(new ClientRequest(method, path, headers, content)));
    }

    @Override
    public void close() {
        client.close();
        camelContext.getExecutorServiceManager().shutdownNow(scheduler);
    }
}
