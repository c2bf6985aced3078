package org.imagingingestion.camel.dicomweb;

import java.util.Map;

import org.apache.hc.core5.http.HttpEntity;

/**
 * A request to another system, which can be made more than once.
 *
 * @param address a URL, or one below the service: {@code /studies}
 * @param headers by name
 * @param body {@code null} for none
 */
record ClientRequest(String method, String address, Map<String, String> headers, Body body) {
    /** What is sent. */
    interface Body {
        /** The body for one attempt. @param idleTimeout longest time that the server may take over a piece */
        HttpEntity entity(Watch watch, long idleTimeout);

        /** Whether another attempt can be made. */
        boolean isRepeatable();

        /** Whether the last attempt sent all of it, so that the connection is where the server thinks it is. */
        boolean isComplete();
    }

    static ClientRequest get(String address, String accept) {
        return new ClientRequest("GET", address, Map.of("Accept", accept), null);
    }

    /** The same for a document that may come compressed. */
    static ClientRequest getDocument(String address) {
        return new ClientRequest(
                "GET", address, Map.of("Accept", MediaType.DICOM_JSON.type(), "Accept-Encoding", "gzip"), null);
    }

    static ClientRequest delete(String address) {
        return new ClientRequest("DELETE", address, Map.of(), null);
    }

    boolean isRepeatable() {
        return body == null || body.isRepeatable();
    }
}
