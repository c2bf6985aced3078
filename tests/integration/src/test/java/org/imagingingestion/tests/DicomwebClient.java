package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A DICOMweb client that takes nothing for granted: it is the tests' own. */
final class DicomwebClient {
    static final String DICOM_JSON = "application/dicom+json";
    static final String DICOM = "application/dicom";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] LINE = "\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A part of a multipart answer. */
    record Part(TreeMap<String, String> headers, byte[] bytes) {
        String contentType() {
            return headers.get("Content-Type");
        }
    }

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;

    /** @param root of the services, with no slash at its end */
    DicomwebClient(URI root) {
        this.root = root;
    }

    /** A request to a path below the root, or to a URL. */
    HttpRequest.Builder request(String path) {
        URI uri = path.startsWith("http") ? URI.create(path) : URI.create(root + "/" + path);
        return HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(3));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<byte[]> get(String path, String accept) {
        return send(request(path).header("Accept", accept));
    }

    /** Stores files in one request, whatever becomes of them. */
    HttpResponse<byte[]> store(List<byte[]> files) {
        return send(request("studies")
                .header("Content-Type", "multipart/related; type=\"" + DICOM + "\"; boundary=part")
                .header("Accept", DICOM_JSON)
                .POST(multipart(files)));
    }

    /** Stores files, all of which are to be taken without a warning. */
    JsonNode storeAll(byte[]... files) {
        HttpResponse<byte[]> response = store(List.of(files));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return json(response);
    }

    /** What an address answers as DICOM JSON. */
    JsonNode json(String path) {
        HttpResponse<byte[]> response = get(path, DICOM_JSON);
        assertThat(response.statusCode()).as("%s: %s", path, text(response)).isEqualTo(200);
        return json(response);
    }

    /** The parts of what an address answers. */
    List<Part> parts(String path, String accept) {
        HttpResponse<byte[]> response = get(path, accept);
        assertThat(response.statusCode()).as("%s: %s", path, text(response)).isEqualTo(200);
        return parts(response);
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(text(response), e);
        }
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    /** The values of an attribute of the DICOM JSON model. */
    static List<String> values(JsonNode dataSet, String tag) {
        List<String> values = new ArrayList<>();
        dataSet.path(tag).path("Value").forEach(value -> values.add(value.asText()));
        return values;
    }

    /** The files as they are, which may be large. */
    private static HttpRequest.BodyPublisher multipart(List<byte[]> files) {
        List<byte[]> pieces = new ArrayList<>();
        for (byte[] file : files) {
            pieces.add(("--part\r\nContent-Type: " + DICOM + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            pieces.add(file);
            pieces.add(LINE);
        }
        pieces.add("--part--\r\n".getBytes(StandardCharsets.US_ASCII));
        return HttpRequest.BodyPublishers.concat(
                pieces.stream().map(HttpRequest.BodyPublishers::ofByteArray).toArray(HttpRequest.BodyPublisher[]::new));
    }

    /** Takes a multipart answer apart (RFC 2046 §5.1.1). */
    static List<Part> parts(HttpResponse<byte[]> response) {
        String contentType = contentType(response);
        assertThat(contentType).startsWith("multipart/related").contains("boundary=");
        String boundary = contentType.replaceFirst(".*boundary=\"?([^\";]*).*", "$1");
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[response.body().length + 2];
        System.arraycopy(LINE, 0, body, 0, 2);
        System.arraycopy(response.body(), 0, body, 2, response.body().length);
        List<Part> parts = new ArrayList<>();
        int start = indexOf(body, delimiter, 0);
        for (int end; (end = indexOf(body, delimiter, start + delimiter.length)) >= 0; start = end) {
            parts.add(part(body, start + delimiter.length + 2, end));
        }
        String rest = new String(body, start, body.length - start, StandardCharsets.ISO_8859_1);
        assertThat(rest.strip()).isEqualTo("--" + boundary + "--");
        return parts;
    }

    private static Part part(byte[] body, int start, int end) {
        int empty = indexOf(body, "\r\n\r\n".getBytes(StandardCharsets.US_ASCII), start);
        assertThat(empty).isBetween(start, end);
        TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : new String(body, start, empty - start, StandardCharsets.UTF_8).split("\r\n")) {
            headers.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        return new Part(headers, java.util.Arrays.copyOfRange(body, empty + 4, end));
    }

    private static int indexOf(byte[] bytes, byte[] sought, int from) {
        for (int i = from; i <= bytes.length - sought.length; i++) {
            int j = 0;
            while (j < sought.length && bytes[i + j] == sought[j]) {
                j++;
            }
            if (j == sought.length) {
                return i;
            }
        }
        return -1;
    }
}
