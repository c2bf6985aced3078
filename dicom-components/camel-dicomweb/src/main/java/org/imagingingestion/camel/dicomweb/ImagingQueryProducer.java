package org.imagingingestion.camel.dicomweb;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.Retrieval;

/** Asks the query service of another process of this application what the body asks, and leaves what the manifest there says. */
class ImagingQueryProducer extends DicomwebProducer {
    private static final int BUFFER = 64 << 10;

    private final ImagingQueryEndpoint endpoint;

    ImagingQueryProducer(ImagingQueryEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    private interface Reader {
        Object read(InputStream in) throws IOException;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Query query) {
            exchange.getMessage().setBody(search(client(exchange), query));
        } else if (body instanceof Retrieval retrieval) {
            exchange.getMessage().setBody(locate(client(exchange), retrieval));
        } else {
            throw new IllegalArgumentException("The body for an imaging-query: producer is to be a "
                    + Query.class.getName() + " or a " + Retrieval.class.getName());
        }
    }

    private Object search(DicomwebClient client, Query query) throws DicomException, IOException, InterruptedException {
        // to the service, 0 is no limit
        int limit = Math.max(1, query.limit());
        byte[] json = ImagingQuery.toJson(query, limit);
        QueryResult result = (QueryResult) ask(
                client,
                new ClientRequest(
                        "POST",
                        "/studies" + parameters(query.provider(), "matches"),
                        Map.of("Accept", PreparedLines.TYPE),
                        new Body(json, ContentType.APPLICATION_JSON)),
                PreparedLines::readMatches);
        return query.limit() > 0
                ? result
                : new QueryResult(
                        result.matches().subList(0, 0), !result.matches().isEmpty());
    }

    private Object locate(DicomwebClient client, Retrieval retrieval)
            throws DicomException, IOException, InterruptedException {
        String address = "/studies/" + retrieval.studyInstanceUID()
                + (retrieval.seriesInstanceUID() == null ? "" : "/series/" + retrieval.seriesInstanceUID())
                + (retrieval.sopInstanceUID() == null ? "" : "/instances/" + retrieval.sopInstanceUID());
        String content = retrieval.content().name().toLowerCase(Locale.ROOT);
        List<String> uids = retrieval.sopInstanceUIDs();
        Body body = uids.isEmpty()
                ? null
                : new Body(String.join("\n", uids).getBytes(StandardCharsets.US_ASCII), ContentType.TEXT_PLAIN);
        return ask(
                client,
                new ClientRequest(
                        body == null ? "GET" : "POST",
                        address + parameters(retrieval.provider(), content),
                        Map.of("Accept", PreparedLines.TYPE),
                        body),
                PreparedLines::readRetrieval);
    }

    private String parameters(String provider, String content) {
        String source = provider == null ? endpoint.getProvider() : provider;
        return "?source=" + URLEncoder.encode(source, StandardCharsets.UTF_8) + "&content=" + content;
    }

    /** Where the service is away or has too much to do, so has whoever asks here. */
    private Object ask(DicomwebClient client, ClientRequest request, Reader reader)
            throws DicomException, InterruptedException {
        try (Answer answer = client.send(request)) {
            if (!answer.isSuccess()) {
                DicomStatus status =
                        answer.status() >= 500 ? DicomStatus.OUT_OF_RESOURCES : DicomStatus.PROCESSING_FAILURE;
                throw client.refusal(status, answer);
            }
            return reader.read(new BufferedInputStream(answer.body(), BUFFER));
        } catch (IOException e) {
            throw new DicomException(
                    DicomStatus.OUT_OF_RESOURCES,
                    "The query service cannot be asked: "
                            + DicomwebException.unanswered(e).getMessage(),
                    e);
        }
    }

    private record Body(byte[] bytes, ContentType type) implements ClientRequest.Body {
        @Override
        public HttpEntity entity(Watch watch, long idleTimeout) {
            return new ByteArrayEntity(bytes, type);
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public boolean isComplete() {
            return true;
        }
    }
}
