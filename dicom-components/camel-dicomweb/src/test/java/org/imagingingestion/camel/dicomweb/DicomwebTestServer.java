package org.imagingingestion.camel.dicomweb;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.function.Consumer;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.impl.DefaultCamelContext;

/** A Camel context with routes on a real HTTP server, and a client to it. */
final class DicomwebTestServer implements AutoCloseable {
    final CamelContext camelContext = new DefaultCamelContext();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final int port;

    DicomwebTestServer(RouteBuilder routes) throws Exception {
        this(routes, configuration -> {});
    }

    DicomwebTestServer(RouteBuilder routes, Consumer<VertxPlatformHttpServerConfiguration> options) throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
        configuration.setBindHost("127.0.0.1");
        configuration.setBindPort(port);
        options.accept(configuration);
        camelContext.addService(new VertxPlatformHttpServer(configuration));
        camelContext.addRoutes(routes);
        camelContext.start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        camelContext.stop();
    }
}
