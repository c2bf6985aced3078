package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.benchmarks.load.EventLoad;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.CloudEventHttp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * {@code dicom-manifest:record} over a PostgreSQL server of its own, without a broker: events in structured mode lie ready in memory, and
 * a few threads hand them over in batches.
 */
public final class Recording {
    private static final int BATCH = 250;
    private static final int THREADS = 4;

    private final ProducerTemplate template;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private Recording(DefaultCamelContext context) {
        template = context.createProducerTemplate();
    }

    /**
     * Serves until the process is ended: {@code GET /record?first-studies} records that many studies, from the first, and answers how many
     * events they were, their bytes and the nanoseconds.
     *
     * @param args port, folder
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        EmbeddedPostgres database = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.toFile())
                .setDataDirectory(folder.resolve("data"))
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("max_wal_size", "1GB")
                .setServerConfig("wal_compression", "on")
                .setServerConfig("jit", "off")
                .start();
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("database", database.getPostgresDatabase());
        context.start();
        Recording recording = new Recording(context);
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 8);
        server.createContext("/", exchange -> answer(exchange, ""));
        server.createContext("/record", recording::record);
        server.start();
    }

    private void record(HttpExchange exchange) throws IOException {
        String[] range = exchange.getRequestURI().getQuery().split("-");
        List<byte[]> events = EventLoad.events(Integer.parseInt(range[0]), Integer.parseInt(range[1]));
        long start = System.nanoTime();
        List<Future<?>> written = new ArrayList<>();
        for (int from = 0; from < events.size(); from += BATCH) {
            List<byte[]> batch = events.subList(from, Math.min(events.size(), from + BATCH));
            written.add(threads.submit(() -> template.requestBody("dicom-manifest:record", read(batch))));
        }
        try {
            for (Future<?> one : written) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("events are not recorded", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        long nanos = System.nanoTime() - start;
        long bytes = events.stream().mapToLong(event -> event.length).sum();
        answer(exchange, events.size() + " " + bytes + " " + nanos);
    }

    private static List<Object> read(List<byte[]> batch) throws DicomException {
        List<Object> events = new ArrayList<>(batch.size());
        for (byte[] event : batch) {
            events.add(CloudEventHttp.readStructured(event));
        }
        return events;
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
