package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
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
    /** Longest body that is kept of those that are not made at once; one in JSON is ten times as long before it is compressed. */
    private static final int MOST_KEPT = 1 << 20;

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
        MetadataPortions portions = MetadataPortions.of(consumer::retrieve, consumer.key(path));
        if (portions == null) {
            throw WadoConsumer.notFound(path);
        }
        // it may have changed meanwhile
        if (!portions.version().equals(state.version()) && answer.isNotModified(portions.version())) {
            return;
        }
        if (!portions.isLast()) {
            byte[] sent = answer.stream(portions, Math.min(MOST_KEPT, cache.longest()));
            if (sent != null) {
                // what is of a later version among it is never asked for by this one
                cache.put(key, Body.of(portions.version(), sent));
            }
            return;
        }
        PreparedJson json = new PreparedJson(portions.portion(), call.baseUrl());
        long expected = json.arrayLength() * (mediaType.isMultipart() ? XML_GROWTH : 1);
        if (expected > cache.longest()) {
            answer.stream(json, portions);
        } else {
            Body made = Body.of(portions.version(), answer.make(json, portions.version()));
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

        /** Sends what is at hand as a whole. */
        void stream(PreparedJson json, MetadataPortions portions) throws Exception {
            boolean lengthKnown = !gzip && !mediaType.isMultipart();
            OutputStream out = begin(portions.version(), lengthKnown ? json.arrayLength() : -1);
            if (!call.isHead()) {
                write(portions, out);
            }
        }

        /** Sends one portion after the other. @return what was sent, {@code null} where it is longer than that */
        byte[] stream(MetadataPortions portions, long mostKept) throws Exception {
            OutputStream out = begin(portions.version(), -1);
            if (call.isHead()) {
                return null;
            }
            KeptCopy copy = new KeptCopy(out, (int) mostKept);
            write(portions, copy);
            return copy.kept();
        }

        private OutputStream begin(String version, long length) throws IOException {
            if (gzip) {
                call.set("Content-Encoding", "gzip");
            }
            return call.stream(200, contentType(version), length);
        }

        private void write(MetadataPortions portions, OutputStream out) throws Exception {
            OutputStream coded = gzip ? Gzip.stream(out) : out;
            PreparedXml xml = mediaType.isMultipart() ? new PreparedXml(portions.version()) : null;
            boolean first = true;
            do {
                PreparedJson json = new PreparedJson(portions.portion(), call.baseUrl());
                for (int i = 0; i < json.size(); i++) {
                    if (xml != null) {
                        xml.writePart(json, i, first, coded);
                    } else {
                        coded.write(first ? '[' : ',');
                        json.write(i, coded);
                    }
                    first = false;
                }
            } while (portions.next());
            if (xml != null) {
                xml.writeEnd(coded);
            } else {
                coded.write(']');
            }
            coded.close();
        }
    }

    /** Keeps what goes through, until it is too much. */
    private static final class KeptCopy extends FilterOutputStream {
        private final int most;
        private ByteArrayOutputStream kept = new ByteArrayOutputStream();

        KeptCopy(OutputStream out, int most) {
            super(out);
            this.most = most;
        }

        byte[] kept() {
            return kept == null ? null : kept.toByteArray();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            if (kept != null && kept.size() + length > most) {
                kept = null;
            }
            if (kept != null) {
                kept.write(bytes, offset, length);
            }
        }

        /** The copy is whole only where all of it was sent, and where that fails nobody asks for it. */
        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
