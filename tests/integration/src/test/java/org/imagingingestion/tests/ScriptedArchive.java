package org.imagingingestion.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * In the place of an archive that answers STOW-RS as a test has it: overloaded, strict, slow. An instance that it has already it refuses
 * by 409, and gives it back by WADO-RS.
 */
final class ScriptedArchive implements AutoCloseable {
    /**
     * A request.
     *
     * @param instance the header of what was to be stored
     * @param nanos when it came
     * @param status what it was answered
     */
    record Request(DataSet instance, long nanos, int status) {
        String uid() {
            return instance.string(Tag.SOPInstanceUID);
        }

        String study() {
            return instance.string(Tag.StudyInstanceUID);
        }
    }

    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpServer server;
    private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<DataSet, Integer> script = instance -> 200;

    private ScriptedArchive(HttpServer server) {
        this.server = server;
    }

    static ScriptedArchive start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        ScriptedArchive archive = new ScriptedArchive(server);
        server.createContext("/dicom-web", archive::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        return archive;
    }

    URI dicomWeb() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/dicom-web");
    }

    /** What is answered to an instance that is to be stored; 200 keeps it. 429 and 503 ask for two seconds. */
    void answers(Function<DataSet, Integer> answers) {
        script = answers;
    }

    /** The requests to store so far, in their order. */
    List<Request> requests() {
        return requests;
    }

    /** Those of a study. */
    List<Request> requests(String study) {
        return requests.stream().filter(each -> each.study().equals(study)).toList();
    }

    /** What it has, by SOP Instance UID. */
    Map<String, byte[]> kept() {
        return kept;
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestMethod().equals("POST")) {
            store(exchange, body);
        } else {
            retrieve(exchange);
        }
        exchange.close();
    }

    private void store(HttpExchange exchange, byte[] body) throws IOException {
        Map<String, Integer> statuses = new LinkedHashMap<>();
        for (byte[] file : parts(body, exchange.getRequestHeaders().getFirst("Content-Type"))) {
            DataSet instance = Dcmtk.dataSet(file);
            String uid = instance.string(Tag.SOPInstanceUID);
            int status = script.apply(instance);
            if (status == 200 && kept.putIfAbsent(uid, file) != null) {
                status = 409;
            }
            statuses.put(uid, status);
            requests.add(new Request(instance, System.nanoTime(), status));
        }
        Set<Integer> all = new TreeSet<>(statuses.values());
        int status =
                all.size() == 1 ? all.iterator().next() : all.equals(Set.of(200, 409)) ? 202 : Collections.max(all);
        if (status == 429 || status == 503) {
            exchange.getResponseHeaders().add("Retry-After", "2");
        }
        byte[] response = statuses.size() > 1 && status < 410 ? response(statuses) : new byte[0];
        exchange.getResponseHeaders().add("Content-Type", "application/dicom+json");
        exchange.sendResponseHeaders(status, response.length == 0 ? -1 : response.length);
        exchange.getResponseBody().write(response);
    }

    /** What became of each of several instances (PS3.18 §10.5.3). */
    private static byte[] response(Map<String, Integer> statuses) {
        return ("{\"00081199\":{\"vr\":\"SQ\",\"Value\":[" + items(statuses, true) + "]},"
                        + "\"00081198\":{\"vr\":\"SQ\",\"Value\":[" + items(statuses, false) + "]}}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String items(Map<String, Integer> statuses, boolean isStored) {
        return statuses.entrySet().stream()
                .filter(each -> each.getValue() == 200 == isStored)
                .map(each -> "{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"" + each.getKey() + "\"]}"
                        + (isStored ? "}" : ",\"00081197\":{\"vr\":\"US\",\"Value\":[273]}}"))
                .collect(Collectors.joining(","));
    }

    private void retrieve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] file = kept.get(path.substring(path.lastIndexOf('/') + 1));
        if (file == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("--x\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(file);
        out.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.US_ASCII));
        exchange.getResponseHeaders().add("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=x");
        exchange.sendResponseHeaders(200, out.size());
        exchange.getResponseBody().write(out.toByteArray());
    }

    /** The parts of a body. */
    private static List<byte[]> parts(byte[] body, String contentType) {
        String boundary = "--" + contentType.replaceFirst(".*boundary=\"?([^\";]*).*", "$1");
        byte[] delimiter = ("\r\n" + boundary).getBytes(StandardCharsets.US_ASCII);
        List<byte[]> parts = new ArrayList<>();
        int start = indexOf(body, HEAD_END, 0);
        while (start >= 0) {
            int end = indexOf(body, delimiter, start);
            parts.add(Arrays.copyOfRange(body, start + HEAD_END.length, end));
            start = indexOf(body, HEAD_END, end);
        }
        return parts;
    }

    private static int indexOf(byte[] bytes, byte[] sought, int from) {
        for (int i = from; i <= bytes.length - sought.length; i++) {
            if (Arrays.equals(bytes, i, i + sought.length, sought, 0, sought.length)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
