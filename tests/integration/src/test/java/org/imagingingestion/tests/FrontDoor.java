package org.imagingingestion.tests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** nginx as the ingress of a cluster: one HTTP address for the replicas of all roles. */
final class FrontDoor implements AutoCloseable {
    // the log would name patients; bodies go through as they come
    private static final String CONFIGURATION =
            """
            daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/errors crit;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
              client_max_body_size 0; large_client_header_buffers 4 64k;
              proxy_request_buffering off; proxy_buffering off; proxy_http_version 1.1;
              proxy_set_header Connection ""; proxy_set_header Host $http_host;
              proxy_next_upstream error timeout http_503;
            %2$s
              map "$request_method $uri" $role {
                default wado;
                "~^POST .*/studies(/[0-9.]+)?$" stow;
                "~ /query/" event-processor;
              }
              server { listen %3$s:%4$d; location / { proxy_pass http://$role; } }
            }
            """;

    private final int port;
    private final Process process;

    private FrontDoor(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /** @param ports of the replicas of a role */
    record Upstream(String role, List<Integer> ports) {
        @Override
        public String toString() {
            return ports.stream()
                    .map(port -> "server 127.0.0.1:" + port + " max_fails=0;")
                    .collect(Collectors.joining(" ", "  upstream " + role + " { ", " keepalive 16; }"));
        }
    }

    static FrontDoor start(Path folder, String host, int port, List<Upstream> upstreams) throws IOException {
        Files.createDirectories(folder);
        String servers = upstreams.stream().map(Upstream::toString).collect(Collectors.joining("\n"));
        Path file =
                Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.formatted(folder, servers, host, port));
        Process process = new ProcessBuilder(
                        "/usr/sbin/nginx", "-e", "stderr", "-p", folder.toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new FrontDoor(port, process);
    }

    URI dicomWeb() {
        return URI.create("http://127.0.0.1:" + port + "/dicom-web");
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
    }
}
