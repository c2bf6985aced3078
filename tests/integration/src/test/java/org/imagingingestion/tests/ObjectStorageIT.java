package org.imagingingestion.tests;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.tests.servers.AzureServer;
import org.imagingingestion.tests.servers.FaultyLink;
import org.imagingingestion.tests.servers.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The whole application with its objects in S3 or Azure, which its environment names as the original had it. */
class ObjectStorageIT {
    private static final long SEED = Long.getLong("imaging.seed", 20261121);
    private static final int OUT_OF_RESOURCES = 0xA700;
    private static final String STUDY = Samples.uid();
    private static final String SERIES = Samples.uid();
    private static final String INSTANCE = Samples.uid();
    private static final String PATH = "studies/" + STUDY + "/series/" + SERIES + "/instances/" + INSTANCE;

    /** What keeps the objects. */
    enum Store {
        S3("BUCKET_NAME", "S3 answers 404 NoSuchBucket") {
            @Override
            int port() throws Exception {
                return S3Server.shared().port();
            }

            @Override
            void configure(ImagingIngestion.Builder builder, int port) {
                builder.environment("BUCKET_HOST", "http://127.0.0.1")
                        .environment("BUCKET_PORT", Integer.toString(port))
                        .environment("BUCKET_REGION", "us-east-1")
                        .environment("BUCKET_NAME", S3Server.BUCKET)
                        .environment("AWS_ACCESS_KEY_ID", "key")
                        .environment("AWS_SECRET_ACCESS_KEY", "se/cr+et=&?#%")
                        .property("imaging.storage.s3.path-style", "true");
            }
        },
        AZURE("AZURE_CONTAINER_NAME", "Azure answers 404 ContainerNotFound") {
            @Override
            int port() throws Exception {
                return AzureServer.shared().port();
            }

            @Override
            void configure(ImagingIngestion.Builder builder, int port) {
                builder.environment(
                                "AZURE_STORAGE_CONNECTION_STRING",
                                AzureServer.address(port).toString())
                        .environment("AZURE_CONTAINER_NAME", AzureServer.CONTAINER)
                        .environment("AZURE_STORAGE_ACCOUNT_NAME", AzureServer.ACCOUNT)
                        .environment("AZURE_STORAGE_ACCOUNT_KEY", AzureServer.KEY);
            }
        };

        private final String place;
        private final String withoutPlace;

        /** @param place variable that names the bucket or container @param withoutPlace what is said where there is none */
        Store(String place, String withoutPlace) {
            this.place = place;
            this.withoutPlace = withoutPlace;
        }

        abstract int port() throws Exception;

        abstract void configure(ImagingIngestion.Builder builder, int port);
    }

    @TempDir
    Path folder;

    private FaultyLink link;

    private ImagingIngestion.Builder server(Store store) throws Exception {
        link = new FaultyLink(store.port());
        return server(store, link.port());
    }

    private ImagingIngestion.Builder server(Store store, int port) {
        ImagingIngestion.Builder builder = ImagingIngestion.on(folder.resolve("data"))
                .property("imaging.storage.prefix", folder.getFileName() + "/")
                .property("imaging.storage.timeout", "3000");
        store.configure(builder, port);
        return builder;
    }

    @AfterEach
    void closeLink() throws Exception {
        if (link != null) {
            link.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatItStored(Store store) throws Exception {
        byte[] pixels = Samples.bytes(20_000_000, SEED);
        byte[] large = Samples.file(Samples.pixels(
                Samples.image(
                        Samples.header(STUDY, SERIES).setString(Tag.SOPInstanceUID, VR.UI, INSTANCE), 1000, 2000, 10),
                pixels));
        byte[] small = Samples.file(Samples.header(STUDY, SERIES));

        try (ImagingIngestion server = server(store).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            client.storeAll(large, small);

            assertThat(client.json("studies?PatientName=doe*")).hasSize(1);
            assertThat(client.json("studies/" + STUDY + "/metadata")).hasSize(2);
            assertThat(instance(client)).isEqualTo(large);
            assertThat(client.parts(
                            "studies/" + STUDY, "multipart/related; type=\"application/dicom\"; transfer-syntax=*"))
                    .hasSize(2);
            HttpResponse<byte[]> frame = client.get(PATH + "/frames/7", "application/octet-stream");
            assertThat(frame.body()).isEqualTo(Arrays.copyOfRange(pixels, 12_000_000, 14_000_000));
            assertThat(server.errors()).isEmpty();
        }
        assertThat(folder.resolve("data/storage")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatItAcknowledgedWhenItIsKilled(Store store) throws Exception {
        Load load = new Load(SEED);
        Promise promise = new Promise(load);
        ImagingIngestion.Builder builder = server(store);
        ProcessHandle postgres;
        try (ImagingIngestion server = builder.start()) {
            postgres = server.postgres().orElseThrow();
            try (Load.Running running = load.start(server.dicomWeb())) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> load.acknowledged().size() >= 60);
                server.kill();
            }
        }
        Promise.awaitEnd(postgres);

        try (ImagingIngestion server = builder.start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            promise.assertFound(client, load.acknowledged());
            load.sent()
                    .filter(number -> !load.acknowledged().contains(number))
                    .forEach(number -> load.send(client, List.of(number)));
            promise.assertNoneIsDoubled(client);
        }
        assertThat(load.answers().keySet()).containsExactly(200);
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhileTheObjectStoreIsGone(Store store) throws Exception {
        byte[] file = Samples.file(Samples.header(STUDY, SERIES).setString(Tag.SOPInstanceUID, VR.UI, INSTANCE));
        try (ImagingIngestion server = server(store).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());

            link.refuse();
            HttpResponse<byte[]> response = client.store(List.of(file));
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(DicomwebClient.json(response).findValues("00081197").toString())
                    .contains(Integer.toString(OUT_OF_RESOURCES));
            assertThat(storedByDimse(server, file)).isEqualTo(OUT_OF_RESOURCES);
            assertThat(client.json("studies")).isEmpty();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.get("/q/health/ready").statusCode() == 503);

            link.heal();
            client.storeAll(file);
            assertThat(instance(client)).isEqualTo(file);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> server.get("/q/health/ready").statusCode() == 200);

            link.refuse();
            assertThat(client.get(PATH, "application/dicom; transfer-syntax=*").statusCode())
                    .isEqualTo(503);
            assertThat(client.json("studies/" + STUDY + "/metadata")).hasSize(1);
            assertThat(server.output()).doesNotContain(STUDY, INSTANCE, "Doe", "se/cr", AzureServer.KEY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysThatThereIsNothingToKeepObjectsIn(Store store) throws Exception {
        byte[] file = Samples.file(Samples.header(STUDY, SERIES).setString(Tag.SOPInstanceUID, VR.UI, INSTANCE));
        try (ImagingIngestion server =
                server(store).environment(store.place, "gone").startUnready()) {
            assertThat(new DicomwebClient(server.dicomWeb())
                            .store(List.of(file))
                            .statusCode())
                    .isEqualTo(503);
            assertThat(storedByDimse(server, file)).isEqualTo(OUT_OF_RESOURCES);
            assertThat(server.get("/q/health/ready").body()).contains(store.withoutPlace);
            assertThat(server.output())
                    .contains("The storage space cannot store: " + store.withoutPlace)
                    .doesNotContain(STUDY, INSTANCE, "Doe");
        }
    }

    private static int storedByDimse(ImagingIngestion server, byte[] file) {
        try (ServiceClassUser scanner = ServiceClassUser.storing(server.dimsePort(), List.of(Part10.of(file)))) {
            return scanner.store(List.of(file), instance -> {
                throw new AssertionError("It is acknowledged");
            });
        }
    }

    @Test
    void readsItsSettingsFromFilesThatAreMounted() throws Exception {
        Path config = Files.createDirectories(folder.resolve("config"));
        Path secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(config.resolve("BUCKET_HOST"), "http://127.0.0.1\n");
        Files.writeString(config.resolve("BUCKET_PORT"), S3Server.shared().port() + "\n");
        Files.writeString(config.resolve("BUCKET_REGION"), "us-east-1");
        Files.writeString(config.resolve("BUCKET_NAME"), S3Server.BUCKET);
        Files.writeString(secret.resolve("AWS_ACCESS_KEY_ID"), "key");
        Files.writeString(secret.resolve("AWS_SECRET_ACCESS_KEY"), "secret\n");
        byte[] file = Samples.file(Samples.header(STUDY, SERIES).setString(Tag.SOPInstanceUID, VR.UI, INSTANCE));

        try (ImagingIngestion server = ImagingIngestion.on(folder.resolve("data"))
                .environment("BUCKET_CONFIG_PATH", config.toString())
                .environment("BUCKET_SECRET_PATH", secret.toString())
                .property("imaging.storage.s3.path-style", "true")
                .start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            client.storeAll(file);

            assertThat(instance(client)).isEqualTo(file);
        }
        assertThat(folder.resolve("data/storage")).doesNotExist();
    }

    private static byte[] instance(DicomwebClient client) {
        HttpResponse<byte[]> response = client.get(PATH, "application/dicom; transfer-syntax=*");
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
