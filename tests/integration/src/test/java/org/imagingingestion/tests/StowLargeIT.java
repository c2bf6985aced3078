package org.imagingingestion.tests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Storing what is larger than the memory, and from more clients than are worked on at once. */
class StowLargeIT {
    private static final int HEAP_MEGABYTES = 256;
    /** Classes, compiled code, threads and buffers besides the heap. */
    private static final int BESIDES_MEGABYTES = 350;

    private static final int FRAME_LENGTH = 1 << 20;
    private static final int FRAMES = 2048;

    private static final int CONNECTIONS = 1000;
    private static final int WORKED_ON = 32;
    private static final int WAITING = 700;

    @TempDir
    static Path folder;

    private static ImagingIngestion server;
    private static DicomwebClient client;

    @BeforeAll
    static void start() {
        server = ImagingIngestion.on(folder)
                // without the second compiler digests of gigabytes take many minutes
                .jvm("-Xmx" + HEAP_MEGABYTES + "m", "-XX:TieredStopAtLevel=4")
                .property("imaging.stow.concurrent-requests", Integer.toString(WORKED_ON))
                .property("imaging.stow.waiting-requests", Integer.toString(WAITING))
                // nobody is sent away for being slow
                .property("imaging.dicomweb.idle-timeout", "600000")
                .start();
        client = new DicomwebClient(server.dicomWeb());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void storesTwoGigabytesInBoundedMemory() throws IOException {
        String study = Samples.uid();
        String series = Samples.uid();
        DataSet header = Samples.image(Samples.header(study, series), 1024, FRAME_LENGTH / 1024, FRAMES);
        String path = "studies/" + study + "/series/" + series + "/instances/" + header.string(Tag.SOPInstanceUID);

        HttpResponse<byte[]> response = client.send(client.request("studies")
                .timeout(Duration.ofMinutes(10))
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=part")
                .header("Accept", DicomwebClient.DICOM_JSON)
                .POST(BodyPublishers.ofInputStream(() -> request(header))));

        assertThat(response.statusCode()).as(DicomwebClient.text(response)).isEqualTo(200);
        for (int number : new int[] {1, 2, FRAMES}) {
            HttpResponse<byte[]> frame = client.get(path + "/frames/" + number, "application/octet-stream");
            assertThat(frame.statusCode()).isEqualTo(200);
            assertThat(frame.body()).isEqualTo(frame(number));
        }
        HttpResponse<byte[]> end = client.send(
                client.request(path).header("Accept", DicomwebClient.DICOM).header("Range", "bytes=-4"));
        assertThat(end.statusCode()).isEqualTo(206);
        assertThat(end.body()).isEqualTo(Arrays.copyOf(frame(FRAMES), 4));
        assertThat(residentMegabytes()).isLessThan(HEAP_MEGABYTES + BESIDES_MEGABYTES);
    }

    /** The request's body, made while it is sent. */
    private static InputStream request(DataSet header) {
        byte[] part = "--part\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] pixelData = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) (Tag.PixelData >>> 16))
                .putShort((short) Tag.PixelData)
                .put("OB".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putInt((int) ((long) FRAMES * FRAME_LENGTH))
                .array();
        List<InputStream> streams = new ArrayList<>();
        streams.add(new ByteArrayInputStream(part));
        streams.add(new ByteArrayInputStream(Samples.file(header)));
        streams.add(new ByteArrayInputStream(pixelData));
        streams.add(new Pixels());
        streams.add(new ByteArrayInputStream("\r\n--part--\r\n".getBytes(StandardCharsets.US_ASCII)));
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    private static byte[] frame(int number) {
        byte[] frame = new byte[FRAME_LENGTH];
        Arrays.fill(frame, (byte) number);
        return frame;
    }

    /** The most memory that the application has had, in megabytes. */
    private static long residentMegabytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + server.pid() + "/status"))) {
            String peak =
                    lines.filter(line -> line.startsWith("VmHWM:")).findFirst().orElseThrow();
            return Long.parseLong(peak.replaceAll("\\D", "")) / 1024;
        }
    }

    @Test
    void servesTheRestWhileAThousandClientsStore() throws IOException {
        client.storeAll(Samples.file(Samples.header(Samples.uid(), Samples.uid())));
        List<Storing> all = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(new Storing());
            }
            int refused = CONNECTIONS - WORKED_ON - WAITING;
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() ->
                            assertThat(all).filteredOn(Storing::isAnswered).hasSize(refused));

            assertThat(server.get("/dicom-web/studies?PatientID=P1").statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            assertThat(server.get("/q/health/ready").statusCode()).isEqualTo(200);

            List<String> answers = new ArrayList<>();
            for (Storing each : all) {
                each.finish();
            }
            for (Storing each : all) {
                answers.add(each.answer());
            }
            assertThat(answers)
                    .filteredOn(answer -> answer.startsWith("HTTP/1.1 200"))
                    .hasSize(WORKED_ON + WAITING);
            assertThat(answers)
                    .filteredOn(answer -> !answer.startsWith("HTTP/1.1 200"))
                    .hasSize(refused)
                    .allSatisfy(answer ->
                            assertThat(answer).startsWith("HTTP/1.1 503").containsIgnoringCase("Retry-After: "));
        } finally {
            for (Storing each : all) {
                each.close();
            }
        }
        assertThat(server.get("/dicom-web/instances?PatientID=CROWD&limit=1000")
                        .body()
                        .split("\"00080018\""))
                .hasSize(WORKED_ON + WAITING + 1);
        assertThat(residentMegabytes()).isLessThan(HEAP_MEGABYTES + BESIDES_MEGABYTES);
    }

    /** A client that has sent the first half of an instance. */
    private static final class Storing implements AutoCloseable {
        private final Socket socket;
        private final byte[] file;

        Storing() throws IOException {
            DataSet dataSet = Samples.header(Samples.uid(), Samples.uid()).setString(Tag.PatientID, VR.LO, "CROWD");
            file = Samples.file(dataSet);
            socket = new Socket(
                    InetAddress.getByName("127.0.0.1"), server.uri("/").getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(300_000);
            String head = "POST /dicom-web/studies HTTP/1.1\r\n"
                    + "Host: 127.0.0.1\r\n"
                    + "Connection: close\r\n"
                    + "Content-Type: application/dicom\r\n"
                    + "Accept: application/dicom+json\r\n"
                    + "Content-Length: " + file.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(file, 0, file.length / 2);
        }

        boolean isAnswered() {
            try {
                return socket.getInputStream().available() > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void finish() throws IOException {
            socket.getOutputStream().write(file, file.length / 2, file.length - file.length / 2);
        }

        String answer() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Frames one after the other, each filled with its number. */
    private static final class Pixels extends InputStream {
        private long position;

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (position == (long) FRAMES * FRAME_LENGTH) {
                return -1;
            }
            int n = (int) Math.min(length, FRAME_LENGTH - position % FRAME_LENGTH);
            Arrays.fill(bytes, offset, offset + n, (byte) (position / FRAME_LENGTH + 1));
            position += n;
            return n;
        }
    }
}
