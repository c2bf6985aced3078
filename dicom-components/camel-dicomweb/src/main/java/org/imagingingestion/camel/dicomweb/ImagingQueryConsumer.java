package org.imagingingestion.camel.dicomweb;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.apache.camel.Processor;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

import io.vertx.core.http.HttpMethod;

/**
 * Answers queries: the route finds, and what it finds is written in the JSON of the original, or as {@link PreparedLines} for other
 * processes of this application.
 */
class ImagingQueryConsumer extends DicomwebConsumer {
    private static final int MOST_BYTES = 1 << 20;
    private static final int BUFFER = 64 << 10;

    /** What a process of this application wants, in the form that it is made ready in. */
    private static final String CONTENT = "content";

    private final ImagingQueryEndpoint endpoint;

    ImagingQueryConsumer(ImagingQueryEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        for (String level : WadoConsumer.LEVELS) {
            resource(HttpMethod.GET, level, this::locate);
            resource(HttpMethod.POST, level, this::locate);
        }
        resource(HttpMethod.POST, "studies", this::search);
    }

    private void locate(HttpCall call) throws Exception {
        String provider = source(call);
        String content = parameter(call, CONTENT);
        Retrieval retrieval = InstancePath.of(call.path()).retrieval(provider, content(content));
        RetrievalResult result = endpoint.answersOf(provider)
                ? route(retrieval.of(instances(call)), RetrievalResult.class)
                : new RetrievalResult(null, List.of(), List.of(), null);
        if (content == null) {
            send(call, ImagingQueryResult.of(result));
            return;
        }
        try (OutputStream out = stream(call)) {
            PreparedLines.write(result, out);
        }
    }

    /** The SOP Instance UIDs that alone are meant, each a line of the body; none where there is no body. */
    private static List<String> instances(HttpCall call) throws IOException, DicomException {
        if (call.body() == null) {
            return List.of();
        }
        List<String> uids =
                new String(body(call), StandardCharsets.US_ASCII).lines().toList();
        if (uids.isEmpty() || !uids.stream().allMatch(UIDs::isLenient)) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "The body is to have a SOP Instance UID in each line");
        }
        return uids;
    }

    private static byte[] body(HttpCall call) throws IOException, DicomException {
        byte[] body = call.body().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new HttpException(413, "A query has at most " + MOST_BYTES + " bytes");
        }
        return body;
    }

    private static Retrieval.Content content(String content) throws DicomException {
        return switch (content == null ? "locations" : content) {
            case "locations" -> Retrieval.Content.LOCATIONS;
            case "metadata" -> Retrieval.Content.METADATA;
            case "version" -> Retrieval.Content.VERSION;
            default -> throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "content is to be locations, metadata or version");
        };
    }

    private void search(HttpCall call) throws Exception {
        String provider = source(call);
        Query query = ImagingQuery.parse(body(call)).query(provider, endpoint.getMaxResults());
        QueryResult result =
                endpoint.answersOf(provider) ? route(query, QueryResult.class) : new QueryResult(List.of(), false);
        if (parameter(call, CONTENT) == null) {
            send(call, ImagingQueryResult.of(new PreparedJson(result.matches(), retrieveUrl(call))));
            return;
        }
        try (OutputStream out = stream(call)) {
            PreparedLines.write(result, out);
        }
    }

    private static OutputStream stream(HttpCall call) {
        return new BufferedOutputStream(
                call.set("Cache-Control", "no-store").stream(200, PreparedLines.TYPE, -1), BUFFER);
    }

    private static String parameter(HttpCall call, String name) throws DicomException {
        return call.query().stream()
                .filter(parameter -> parameter.getKey().equals(name))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse(null);
    }

    /** The tenant that is meant; nobody is taken for anybody. */
    private static String source(HttpCall call) throws DicomException {
        String source = parameter(call, "source");
        if (source == null) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "The parameter source is missing");
        }
        return source;
    }

    private String retrieveUrl(HttpCall call) {
        String address = endpoint.getRetrieveAddress();
        return endpoint.getExternalAddress() != null || address == null ? call.baseUrl() : call.origin() + address;
    }

    private static void send(HttpCall call, byte[] json) {
        call.set("Cache-Control", "no-store").send(200, MediaType.JSON.type(), json);
    }
}
