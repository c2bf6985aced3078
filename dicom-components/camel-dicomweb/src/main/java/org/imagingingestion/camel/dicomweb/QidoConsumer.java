package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.apache.camel.Processor;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;

import io.vertx.core.http.HttpMethod;

/** Answers the search transaction: the route finds, and what it finds is sent from here. */
class QidoConsumer extends DicomwebConsumer {
    /** Longest answer that is made before it is sent. */
    private static final int MOST_HELD = 1 << 20;

    private static final List<MediaType> OFFERS =
            List.of(MediaType.DICOM_JSON, MediaType.DICOM_XML.inMultipart(), MediaType.JSON);

    private final QidoEndpoint endpoint;

    QidoConsumer(QidoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        search("studies", QueryLevel.STUDY);
        search("studies/{study}/series", QueryLevel.SERIES);
        search("studies/{study}/instances", QueryLevel.IMAGE);
        search("studies/{study}/series/{series}/instances", QueryLevel.IMAGE);
        search("series", QueryLevel.SERIES);
        search("instances", QueryLevel.IMAGE);
    }

    private void search(String template, QueryLevel level) {
        resource(HttpMethod.GET, template, call -> search(call, level));
    }

    private void search(HttpCall call, QueryLevel level) throws Exception {
        MediaType mediaType = Negotiation.choose(call, OFFERS);
        QueryParameters parameters = QueryParameters.parse(call.query(), endpoint.getMaxResults());
        Query query = parameters.query(endpoint.getProvider(), level, pathKeys(call));
        QueryResult result = route(query, QueryResult.class);
        call.set("Cache-Control", "private, no-cache").set("Vary", "Accept, Accept-Encoding, Origin");
        warn(call, parameters, result);
        boolean nothing = result.matches().isEmpty();
        // a multipart body has at least one part
        if (nothing && (endpoint.getNoMatchStatus() == 204 || mediaType.isMultipart())) {
            call.send(204);
            return;
        }
        send(call, mediaType, new PreparedJson(result.matches(), call.baseUrl()));
    }

    private static List<MatchingKey> pathKeys(HttpCall call) throws DicomException {
        InstancePath path = InstancePath.of(call.path());
        List<MatchingKey> keys = new ArrayList<>(2);
        if (path.study() != null) {
            keys.add(new MatchingKey(List.of(Tag.StudyInstanceUID), VR.UI, List.of(path.study())));
        }
        if (path.series() != null) {
            keys.add(new MatchingKey(List.of(Tag.SeriesInstanceUID), VR.UI, List.of(path.series())));
        }
        return keys;
    }

    /** What the client should know about the answer (PS3.18 §8.3.4.4 to §8.3.4.6). */
    private static void warn(HttpCall call, QueryParameters parameters, QueryResult result) {
        List<String> warnings = new ArrayList<>();
        if (result.more()) {
            warnings.add("There are more results that can be requested");
        }
        for (String ignored : parameters.ignored()) {
            warnings.add("The " + ignored + " parameter is not supported and was not applied");
        }
        if (!warnings.isEmpty()) {
            call.set(
                    "Warning",
                    warnings.stream()
                            .map(text -> "299 " + call.baseUrl() + ": \"" + text + "\"")
                            .reduce((a, b) -> a + ", " + b)
                            .orElseThrow());
        }
    }

    private static void send(HttpCall call, MediaType mediaType, PreparedJson json) throws Exception {
        if (json.arrayLength() > MOST_HELD) {
            stream(call, mediaType, json);
            return;
        }
        byte[] body;
        String contentType = mediaType.toString();
        if (mediaType.isMultipart()) {
            PreparedXml xml = new PreparedXml(UUID.randomUUID().toString());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            xml.write(json, out);
            body = out.toByteArray();
            contentType = xml.contentType();
        } else {
            body = json.toArray();
        }
        if (body.length > Gzip.WORTHWHILE && Gzip.isAccepted(call.headers("Accept-Encoding"))) {
            body = Gzip.compress(body);
            call.set("Content-Encoding", "gzip");
        }
        call.send(200, contentType, body);
    }

    /** What is long is written as the client takes it, by a thread, of which there are only so many. */
    private static void stream(HttpCall call, MediaType mediaType, PreparedJson json) throws Exception {
        boolean gzip = Gzip.isAccepted(call.headers("Accept-Encoding"));
        PreparedXml xml =
                mediaType.isMultipart() ? new PreparedXml(UUID.randomUUID().toString()) : null;
        if (gzip) {
            call.set("Content-Encoding", "gzip");
        }
        String contentType = xml != null ? xml.contentType() : mediaType.toString();
        OutputStream out = call.stream(200, contentType, gzip || xml != null ? -1 : json.arrayLength());
        if (call.isHead()) {
            return;
        }
        OutputStream coded = gzip ? Gzip.stream(out) : out;
        if (xml != null) {
            xml.write(json, coded);
        } else {
            json.writeArray(coded);
        }
        coded.close();
    }
}
