package org.imagingingestion.tests;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The promise for C-STORE: status 0000H is kept through any crash, here and at the peer. */
class DimseKillIT {
    private static final long SEED = Long.getLong("imaging.seed", 20261121);
    private static final int ROUNDS = Integer.getInteger("imaging.dimse.kill.rounds", 4);
    private static final int FEWEST_BEFORE_THE_END = 20;
    private static final int MOST_BEFORE_THE_END = 300;
    private static final int LARGE = 128 << 20;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Load load = new Load(SEED);
    private final Promise promise = new Promise(load, file -> Part10.of(file).dataSet());

    @Test
    void keepsWhatItAnsweredWithSuccessHoweverOftenItIsKilled() throws Exception {
        ProcessHandle postgres = null;
        Set<Integer> earlier = Set.of();
        for (int round = 0; round <= ROUNDS; round++) {
            boolean isLast = round == ROUNDS;
            try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
                Promise.awaitEnd(postgres);
                postgres = server.postgres().orElseThrow();
                DicomwebClient client = new DicomwebClient(server.dicomWeb());
                promise.assertFound(client, isLast ? load.acknowledged() : promise.newest(earlier, random));
                sendTheRestAgain(server);
                promise.assertNoneIsDoubled(client);
                if (!isLast) {
                    earlier = Set.copyOf(load.acknowledged());
                    killUnderLoad(server);
                }
            }
        }
        Promise.awaitEnd(postgres);
        assertThat(load.answers().keySet()).containsExactly(0);
    }

    private void killUnderLoad(ImagingIngestion server) throws Exception {
        int before = load.acknowledged().size();
        int enough = before + FEWEST_BEFORE_THE_END + random.nextInt(MOST_BEFORE_THE_END - FEWEST_BEFORE_THE_END);
        try (Load.Running running = load.start(() -> ServiceClassUser.ofLoad(server.dimsePort()))) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> load.acknowledged().size() >= enough);
            server.kill();
        }
    }

    private void sendTheRestAgain(ImagingIngestion server) {
        try (ServiceClassUser client = ServiceClassUser.ofLoad(server.dimsePort())) {
            load.sent().filter(number -> !load.acknowledged().contains(number)).forEach(number -> assertThat(
                            load.send(client, List.of(number)))
                    .isZero());
        }
        assertThat(load.acknowledged()).hasSize((int) load.sent().count());
    }

    @Test
    void keepsNothingOfAnInstanceWhoseSenderIsKilled() throws Exception {
        DataSet large = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 1024, 1024, LARGE >> 20);
        Path file = file("large", large);
        appendPixels(file);
        DataSet next = Samples.header(large.string(Tag.StudyInstanceUID), large.string(Tag.SeriesInstanceUID));
        try (ImagingIngestion server =
                ImagingIngestion.on(folder.resolve("data")).start()) {
            Dcmtk dcmtk = new Dcmtk(folder, server.dimsePort());
            StorageFolder storage = new StorageFolder(server.data().resolve("storage"));
            try (Dcmtk.Server storescu =
                    dcmtk.start("storescu", "--max-send-pdu", "4096", "-xe", "SERVER", file.toString())) {
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> !storage.unfinished().isEmpty());
                storescu.process().destroyForcibly();
            }

            await().until(() -> storage.unfinished().isEmpty());
            assertThat(storage.objects()).isEmpty();
            await().until(() -> server.output().matches("(?s).*Association of STORESCU [^\n]* ended, .*"));

            dcmtk.run("storescu", "SERVER", file("next", next).toString());

            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            assertThat(client.json("studies/" + large.string(Tag.StudyInstanceUID) + "/instances"))
                    .hasSize(1);
            assertThat(storage.objects()).hasSize(1);

            dcmtk.run("storescu", "-xe", "SERVER", file.toString());
            assertThat(client.json("studies/" + large.string(Tag.StudyInstanceUID) + "/instances"))
                    .hasSize(2);
        }
    }

    @Test
    void goesOnWhenWhoItGivesAnInstanceToIsKilled() throws Exception {
        DataSet large = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 1024, 1024, LARGE >> 20);
        Path file = file("large", large);
        appendPixels(file);
        try (ImagingIngestion server =
                ImagingIngestion.on(folder.resolve("data")).start()) {
            Dcmtk dcmtk = new Dcmtk(folder, server.dimsePort());
            dcmtk.run("storescu", "-xe", "SERVER", file.toString());
            try (Dcmtk.Server getscu = dcmtk.start(
                    "getscu",
                    "-S",
                    "+B",
                    "-pdu",
                    "4096",
                    "SERVER",
                    "-k",
                    "QueryRetrieveLevel=STUDY",
                    "-k",
                    "StudyInstanceUID=" + large.string(Tag.StudyInstanceUID))) {
                await().pollInterval(Duration.ofMillis(5))
                        .until(() ->
                                !new Dcmtk.Run(0, "", getscu.folder()).files().isEmpty());
                getscu.process().destroyForcibly();
            }

            await().until(() -> server.output().matches("(?s).*Association of GETSCU [^\n]* ended, .*"));
            dcmtk.run("echoscu", "SERVER");
        }
    }

    private Path file(String name, DataSet dataSet) throws IOException {
        return Files.write(folder.resolve(name + ".dcm"), Samples.file(dataSet));
    }

    private static void appendPixels(Path file) throws IOException {
        byte[] pixelData = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) (Tag.PixelData >>> 16))
                .putShort((short) Tag.PixelData)
                .put("OB".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putInt(LARGE)
                .array();
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(out.length());
            out.write(pixelData);
            out.setLength(out.length() + LARGE);
        }
    }
}
