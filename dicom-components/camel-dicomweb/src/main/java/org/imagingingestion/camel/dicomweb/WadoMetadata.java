package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;

import org.imagingingestion.camel.dicomweb.MetadataCache.Body;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

import io.netty.buffer.Unpooled;

/**
 * Gives the metadata of studies, series and instances (PS3.18 §10.4.1.1.4). It opens no object, and what was put together once
 * is only compared with the state of the store.
 */
final class WadoMetadata {
    private static final List<Offer> OFFERS =
            Offer.of(MediaType.DICOM_JSON, MediaType.DICOM_XML.inMultipart(), MediaType.JSON);
    /** How much longer than its JSON a document in XML may be. */
    private static final int XML_GROWTH = 4;

    private final WadoConsumer consumer;
    private final MetadataCache cache;

    WadoMetadata(WadoConsumer consumer, MetadataCache cache) {
        this.consumer = consumer;
        this.cache = cache;
    }

    void answer(HttpCall call) throws Exception {
        InstancePath path = InstancePath.of(call.path());
        MediaType mediaType =
                Negotiation.choose(Negotiation.accepted(call), OFFERS).mediaType();
        boolean gzip = Gzip.isAccepted(call.headers("Accept-Encoding"));
        RetrievalResult state = consumer.retrieve(path, Retrieval.Content.VERSION);
        if (state.version() == null) {
            throw WadoConsumer.notFound(path);
        }
        Answer answer = new Answer(call, mediaType, gzip);
        if (answer.isNotModified(state.version())) {
            return;
        }
        MetadataCache.Key key = new MetadataCache.Key(consumer.key(path), call.baseUrl(), answer.representation);
        Body body = cache.get(key, state.version());
        if (body != null) {
            answer.send(body);
            return;
        }
        RetrievalResult result = consumer.retrieve(path, Retrieval.Content.METADATA);
        if (result.version() == null || result.metadata().isEmpty()) {
            throw WadoConsumer.notFound(path);
        }
        // it may have changed meanwhile
        if (!result.version().equals(state.version()) && answer.isNotModified(result.version())) {
            return;
        }
        PreparedJson json = new PreparedJson(result.metadata(), call.baseUrl());
        long expected = json.arrayLength() * (mediaType.isMultipart() ? XML_GROWTH : 1);
        if (expected > cache.longest()) {
            answer.stream(json, result.version());
        } else {
            Body made = Body.of(result.version(), answer.make(json, result.version()));
            cache.put(key, made);
            answer.send(made);
        }
    }

    /** How one request is answered. */
    private static final class Answer {
        private final HttpCall call;
        private final MediaType mediaType;
        private final boolean gzip;
        private final String representation;

        Answer(HttpCall call, MediaType mediaType, boolean gzip) throws DicomException {
            this.call = call;
            this.mediaType = mediaType;
            this.gzip = gzip;
            this.representation = EntityTag.representation(mediaType) + (gzip ? "-gzip" : "");
        }

        boolean isNotModified(String version) {
            String tag = EntityTag.of(version, representation);
            return new PayloadSender(call, tag, "Accept, Accept-Encoding").isNotModified();
        }

        private String contentType(String version) {
            return mediaType.isMultipart() ? new PreparedXml(version).contentType() : mediaType.toString();
        }

        void send(Body body) {
            if (gzip) {
                call.set("Content-Encoding", "gzip");
            }
            call.send(200, contentType(body.version()), Unpooled.wrappedBuffer(body.bytes()));
        }

        byte[] make(PreparedJson json, String version) throws Exception {
            if (!mediaType.isMultipart()) {
                return gzip ? Gzip.compress(json.toArray()) : json.toArray();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (OutputStream coded = gzip ? Gzip.stream(out) : out) {
                new PreparedXml(version).write(json, coded);
            }
            return out.toByteArray();
        }

        void stream(PreparedJson json, String version) throws Exception {
            boolean lengthKnown = !gzip && !mediaType.isMultipart();
            if (gzip) {
                call.set("Content-Encoding", "gzip");
            }
            OutputStream out = call.stream(200, contentType(version), lengthKnown ? json.arrayLength() : -1);
            if (!call.isHead()) {
                OutputStream coded = gzip ? Gzip.stream(out) : out;
                write(json, version, coded);
                coded.close();
            }
        }

        private void write(PreparedJson json, String version, OutputStream out) throws Exception {
            if (mediaType.isMultipart()) {
                new PreparedXml(version).write(json, out);
            } else {
                json.writeArray(out);
            }
        }
    }
}
