package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** Instances on their way to another system as a multipart/related (PS3.18 §10.5.1.2), none of them held. */
final class StoreBody implements ClientRequest.Body {
    private final StoreBatch batch;
    private final long responseTimeout;
    private final String boundary = UUID.randomUUID().toString();
    private final byte[] head = bytes("--" + boundary + "\r\nContent-Type: " + MediaType.DICOM + "\r\n\r\n");
    private final byte[] next = bytes("\r\n--" + boundary + "\r\nContent-Type: " + MediaType.DICOM + "\r\n\r\n");
    private final byte[] end = bytes("\r\n--" + boundary + "--\r\n");
    private boolean complete;

    StoreBody(StoreBatch batch, long responseTimeout) {
        this.batch = batch;
        this.responseTimeout = responseTimeout;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public HttpEntity entity(Watch watch, long idleTimeout) {
        complete = false;
        batch.restart();
        batch.peek();
        long only = batch.onlyLength();
        String contentType =
                MediaType.DICOM.inMultipart().with(MediaType.BOUNDARY, boundary).toString();
        return new AbstractHttpEntity(contentType, null, only < 0) {
            @Override
            public long getContentLength() {
                return only < 0 ? -1 : head.length + only + end.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                watch.end();
                try {
                    write(watch.guard(out, idleTimeout), only);
                } catch (SourceException | RuntimeException e) {
                    watch.abort();
                    throw e;
                }
                complete = true;
                watch.begin(responseTimeout);
            }

            @Override
            public boolean isStreaming() {
                return true;
            }

            @Override
            public InputStream getContent() {
                throw new UnsupportedOperationException("It is written");
            }

            @Override
            public void close() {
                // the batch is closed by its owner
            }
        };
    }

    private void write(OutputStream out, long length) throws IOException {
        byte[] before = head;
        for (OutgoingInstance instance = batch.peek(); instance != null; instance = batch.peek()) {
            out.write(before);
            before = next;
            long written = instance.writeTo(out);
            if (length >= 0 && written != length) {
                throw new SourceException(new IOException("The instance has changed while it was sent"));
            }
            batch.sent(written);
        }
        if (before == head) {
            throw new SourceException(new IOException("The instances cannot be read any more"));
        }
        out.write(end);
    }

    @Override
    public boolean isRepeatable() {
        return batch.isRepeatable();
    }

    @Override
    public boolean isComplete() {
        return complete;
    }
}
