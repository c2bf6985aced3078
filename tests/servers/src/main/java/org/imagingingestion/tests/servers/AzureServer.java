package org.imagingingestion.tests.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An Azure Blob server, Azurite. It has an empty container, and checks credentials. */
public final class AzureServer implements AutoCloseable {
    private static final String VERSION = "2021-12-02";

    public static final String ACCOUNT = "devstoreaccount1";
    /** The key that everybody knows. */
    public static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static final String CONTAINER = "images";

    private static AzureServer shared;

    private final int port;
    private final ServerProcess process;

    private AzureServer(Path folder) {
        port = Ports.free();
        process = ServerProcess.start(
                List.of(
                        "node",
                        ServerProcess.installed("javascript/node_modules/azurite/dist/src/blob/main.js")
                                .toString(),
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        folder.toString(),
                        "--silent",
                        "--disableTelemetry"),
                folder,
                URI.create("http://127.0.0.1:" + port + "/"));
    }

    /** @param folder for what it keeps, also for the next that is started there */
    public static AzureServer start(Path folder) {
        AzureServer server = new AzureServer(folder);
        server.makeContainer();
        return server;
    }

    /** Makes the container, or hears that it is there (Shared Key authorization). */
    private void makeContainer() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        String signed = "PUT" + "\n".repeat(12) + "x-ms-date:" + date + "\nx-ms-version:" + VERSION + "\n/" + ACCOUNT
                + "/" + ACCOUNT + "/" + CONTAINER + "\nrestype:container";
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(address(port) + "/" + CONTAINER + "?restype=container"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .header("x-ms-date", date)
                    .header("x-ms-version", VERSION)
                    .header("Authorization", "SharedKey " + ACCOUNT + ":" + signature)
                    .build();
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 201 && response.statusCode() != 409) {
                throw new IllegalStateException("There is no container: " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a container was made", e);
        }
    }

    /** One for all tests of this process. */
    public static synchronized AzureServer shared() throws IOException {
        if (shared == null) {
            shared = start(Files.createTempDirectory(
                    Files.createDirectories(Path.of("target").toAbsolutePath()), "azure-"));
        }
        return shared;
    }

    public int port() {
        return port;
    }

    /** The URL of the account's blob service, through a port. */
    public static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port + "/" + ACCOUNT);
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.close();
    }
}
