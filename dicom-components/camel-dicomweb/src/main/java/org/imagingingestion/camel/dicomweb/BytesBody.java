package org.imagingingestion.camel.dicomweb;

import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** Bytes that are at hand. */
record BytesBody(byte[] bytes, ContentType type) implements ClientRequest.Body {
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
