package org.imagingingestion.camel.dicomweb;

import java.net.URI;
import java.net.URISyntaxException;

import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Follows what is read to another place on the same server; what is secret goes nowhere else, and what is stored stays. */
final class SameServerRedirects extends DefaultRedirectStrategy {
    @Override
    public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context)
            throws ProtocolException {
        if (!request.getMethod().equals("GET") || !super.isRedirected(request, response, context)) {
            return false;
        }
        try {
            return isSameServer(request.getUri(), getLocationURI(request, response, context));
        } catch (URISyntaxException | HttpException e) {
            return false;
        }
    }

    private static boolean isSameServer(URI from, URI to) {
        return from.getScheme().equalsIgnoreCase(to.getScheme())
                && from.getRawAuthority().equalsIgnoreCase(to.getRawAuthority());
    }
}
