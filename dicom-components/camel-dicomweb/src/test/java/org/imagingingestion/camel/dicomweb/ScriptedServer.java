package org.imagingingestion.camel.dicomweb;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ServerSocketFactory;

/** An HTTP server that says exactly what a test has it say, byte for byte, or nothing. */
final class ScriptedServer implements AutoCloseable {
    /** One request, whose body is still to be read. */
    static final class Call {
        final String method;
        final String target;
        final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        final InputStream in;
        final OutputStream out;
        byte[] body;

        private Call(String line, InputStream in, OutputStream out) throws IOException {
            this.method = line.split(" ")[0];
            this.target = line.split(" ")[1];
            this.in = in;
            this.out = out;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon), header.substring(colon + 1).strip());
            }
        }

        /** Reads the body, in chunks or not. */
        byte[] readBody() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
                for (int size = size(); size > 0; size = size()) {
                    bytes.writeBytes(in.readNBytes(size));
                    line(in);
                }
                line(in);
            } else if (headers.containsKey("Content-Length")) {
                bytes.writeBytes(in.readNBytes(Integer.parseInt(headers.get("Content-Length"))));
            }
            body = bytes.toByteArray();
            return body;
        }

        private int size() throws IOException {
            return Integer.parseInt(line(in).split(";")[0], 16);
        }

        void say(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Reads the request to its end and answers it. */
        void answer(int status, String headers, byte[] content) throws IOException {
            readBody();
            say("HTTP/1.1 " + status + " Status\r\n" + headers + "Content-Length: " + content.length + "\r\n\r\n");
            out.write(content);
            out.flush();
        }

        void answer(int status, String contentType, String content) throws IOException {
            answer(status, "Content-Type: " + contentType + "\r\n", content.getBytes(StandardCharsets.UTF_8));
        }

        void answer(int status) throws IOException {
            answer(status, "", new byte[0]);
        }
    }

    /** What is said to a request. */
    @FunctionalInterface
    interface Script {
        void run(Call call) throws Exception;
    }

    final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final List<Script> scripts;
    private int next;

    /** @param scripts one for each request, the last for all that follow too */
    ScriptedServer(Script... scripts) throws IOException {
        this(ServerSocketFactory.getDefault(), scripts);
    }

    ScriptedServer(ServerSocketFactory sockets, Script... scripts) throws IOException {
        this.scripts = List.of(scripts);
        server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Address of a service. */
    String url() {
        return "http://127.0.0.1:" + port() + "/dicom-web";
    }

    /** How many connections there were. */
    int connections() {
        return sockets.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                Call call = new Call(line, in, socket.getOutputStream());
                calls.add(call);
                next().run(call);
            }
        } catch (Exception e) {
            // a client that breaks off is told by what the test sees
        }
    }

    private synchronized Script next() {
        return scripts.get(Math.min(next++, scripts.size() - 1));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** Paths and queries that were asked for. */
    List<String> targets() {
        return calls.stream()
                .map(call -> call.method.toUpperCase(Locale.ROOT) + " " + call.target)
                .toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
