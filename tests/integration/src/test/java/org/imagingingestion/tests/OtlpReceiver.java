package org.imagingingestion.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import com.sun.net.httpserver.HttpServer;

/** Takes spans by OTLP over HTTP, in the binary form of protocol buffers. */
final class OtlpReceiver implements AutoCloseable {
    /** A span as far as the tests look at it. @param parent empty where it has none */
    record Span(String service, String trace, String id, String parent, String name, Map<String, String> attributes) {}

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    static OtlpReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OtlpReceiver receiver = new OtlpReceiver(server);
        server.createContext("/v1/traces", exchange -> {
            receiver.take(ByteBuffer.wrap(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return receiver;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    List<Span> spans(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private void take(ByteBuffer request) {
        fields(request, (field, resourceSpans) -> {
            List<ByteBuffer> found = new ArrayList<>();
            Map<String, String> resource = new TreeMap<>();
            fields(resourceSpans, (number, value) -> {
                if (number == 1) {
                    fields(value, (inner, attribute) -> addAttribute(inner == 1, attribute, resource));
                } else if (number == 2) {
                    fields(value, (inner, span) -> addIf(inner == 2, span, found));
                }
            });
            found.forEach(span -> spans.add(span(resource.get("service.name"), span)));
        });
    }

    private static void addIf(boolean wanted, ByteBuffer value, List<ByteBuffer> values) {
        if (wanted) {
            values.add(value);
        }
    }

    private static Span span(String service, ByteBuffer bytes) {
        Map<Integer, ByteBuffer> values = new TreeMap<>();
        Map<String, String> attributes = new TreeMap<>();
        fields(bytes, (field, value) -> {
            addAttribute(field == 9, value, attributes);
            values.putIfAbsent(field, value);
        });
        return new Span(
                service, hex(values.get(1)), hex(values.get(2)), hex(values.get(4)), text(values.get(5)), attributes);
    }

    private static void addAttribute(boolean wanted, ByteBuffer keyValue, Map<String, String> attributes) {
        if (wanted) {
            String[] parts = {"", ""};
            fields(keyValue, (field, value) -> {
                if (field == 1) {
                    parts[0] = text(value);
                } else {
                    fields(value, (kind, any) -> parts[1] = kind == 1 ? text(any) : "");
                }
            });
            attributes.put(parts[0], parts[1]);
        }
    }

    /** Gives the fields of a message that have a length; others are passed over, for which the value is empty. */
    private static void fields(ByteBuffer message, BiConsumer<Integer, ByteBuffer> field) {
        ByteBuffer in = message.duplicate();
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case 0 -> varint(in);
                case 1 -> in.position(in.position() + 8);
                case 5 -> in.position(in.position() + 4);
                case 2 -> {
                    int length = (int) varint(in);
                    field.accept(number, in.slice(in.position(), length));
                    in.position(in.position() + length);
                }
                default -> throw new IllegalArgumentException("no protocol buffer");
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static String hex(ByteBuffer bytes) {
        if (bytes == null) {
            return "";
        }
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return HexFormat.of().formatHex(array);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
