package org.imagingingestion.camel.dicomweb;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;

/**
 * The DICOMweb resources of one Camel context, on the HTTP server it already has. Several services share a root; each
 * request goes to the one that has its resource.
 */
final class DicomwebServer extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(DicomwebServer.class);
    /** Key in the routing context of the path that the service's resources are below. */
    static final String ROOT = DicomwebServer.class.getName() + ".root";

    /**
     * One resource of a service.
     *
     * @param method GET also answers HEAD
     * @param template path below the root; a segment in braces stands for any one
     * @param handler called on the event loop, with the segments below the root
     */
    record Resource(HttpMethod method, List<String> template, BiConsumer<RoutingContext, List<String>> handler) {
        static Resource of(HttpMethod method, String template, BiConsumer<RoutingContext, List<String>> handler) {
            return new Resource(method, List.of(template.split("/")), handler);
        }

        boolean isAt(List<String> path) {
            boolean openEnd = template.get(template.size() - 1).equals("{*}");
            if (openEnd ? path.size() < template.size() : path.size() != template.size()) {
                return false;
            }
            for (int i = 0; i < template.size(); i++) {
                if (!template.get(i).startsWith("{") && !template.get(i).equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }

        boolean takes(HttpMethod requested) {
            return method.equals(requested) || method.equals(HttpMethod.GET) && requested.equals(HttpMethod.HEAD);
        }
    }

    private final CamelContext camelContext;
    private final Map<String, List<Resource>> resources = new ConcurrentHashMap<>();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();

    private DicomwebServer(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** The one of this context. */
    static synchronized DicomwebServer of(CamelContext camelContext) {
        DicomwebServer server = camelContext.hasService(DicomwebServer.class);
        if (server == null) {
            server = new DicomwebServer(camelContext);
            try {
                camelContext.addService(server);
            } catch (Exception e) {
                throw new IllegalStateException("The DICOMweb server cannot be added to the Camel context", e);
            }
        }
        return server;
    }

    synchronized void add(String root, List<Resource> added) {
        resources.computeIfAbsent(root, path -> new CopyOnWriteArrayList<>()).addAll(added);
        routes.computeIfAbsent(root, path -> router().route(path + "/*").handler(ctx -> dispatch(path, ctx)));
    }

    synchronized void remove(String root, List<Resource> removed) {
        List<Resource> left = resources.get(root);
        if (left != null && left.removeAll(removed) && left.isEmpty()) {
            resources.remove(root);
            routes.remove(root).remove();
        }
    }

    private VertxPlatformHttpRouter router() {
        return camelContext.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "DICOMweb services need the Vert.x HTTP server of camel-platform-http"));
    }

    /** What the server itself would say of a failure has the path and the query in it. */
    private void dispatch(String root, RoutingContext ctx) {
        try {
            find(root, ctx);
        } catch (RuntimeException e) {
            LOG.debug("A request cannot be worked on", e);
            answer(ctx, 400, "The request is not well-formed");
        }
    }

    private void find(String root, RoutingContext ctx) {
        String prefix = mountPoint(ctx) + root;
        String requested = ctx.normalizedPath();
        List<String> path = requested.startsWith(prefix) ? segments(requested.substring(prefix.length())) : null;
        ctx.put(ROOT, prefix);
        if (path == null) {
            answer(ctx, 400, "The path is not well percent-encoded");
            return;
        }
        TreeSet<String> allowed = new TreeSet<>();
        for (Resource resource : resources.getOrDefault(root, List.of())) {
            if (resource.isAt(path)) {
                if (resource.takes(ctx.request().method())) {
                    resource.handler().accept(ctx, path);
                    return;
                }
                allowed.add(resource.method().name());
            }
        }
        if (allowed.isEmpty()) {
            answer(ctx, 404, "There is no such resource");
        } else {
            ctx.response().putHeader("Allow", String.join(", ", allowed));
            answer(ctx, 405, "The resource does not take this method");
        }
    }

    /** Where the router of the Camel context is on the server, with no slash at its end. */
    private static String mountPoint(RoutingContext ctx) {
        String mountPoint = ctx.mountPoint();
        if (mountPoint == null) {
            return "";
        }
        return mountPoint.endsWith("/") ? mountPoint.substring(0, mountPoint.length() - 1) : mountPoint;
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(8);
        try {
            for (String segment : path.split("/")) {
                if (!segment.isEmpty()) {
                    segments.add(
                            segment.indexOf('%') < 0
                                    ? segment
                                    : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
                }
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        return segments;
    }

    static void answer(RoutingContext ctx, int status, String message) {
        if (!ctx.response().ended() && !ctx.response().closed()) {
            ctx.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(message + "\n");
        }
    }
}
