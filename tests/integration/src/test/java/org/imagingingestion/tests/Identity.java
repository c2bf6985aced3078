package org.imagingingestion.tests;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key and a certificate of its own, made by keytool.
 *
 * @param keyStore both, as Java reads them
 * @param key the key, as dcmtk reads it
 * @param certificate the certificate, as dcmtk reads it
 */
record Identity(Path keyStore, Path key, Path certificate) {
    static final String PASSWORD = "changeit";

    /** @param name what the certificate says who it is of, as {@code ip:127.0.0.1} or {@code dns:localhost} */
    static Identity of(Path folder, String title, String name) {
        Path keyStore = folder.resolve(title + ".p12");
        try {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "RSA",
                            "-keysize",
                            "2048",
                            "-alias",
                            "own",
                            "-dname",
                            "CN=" + title,
                            "-ext",
                            "san=" + name,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            keyStore.toString(),
                            "-storepass",
                            PASSWORD)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(title + ".log").toFile())
                    .start();
            assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(keytool.exitValue()).isZero();
            KeyStore made = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
            return new Identity(
                    keyStore,
                    pem(
                            folder.resolve(title + ".key"),
                            "PRIVATE KEY",
                            made.getKey("own", PASSWORD.toCharArray()).getEncoded()),
                    pem(
                            folder.resolve(title + ".pem"),
                            "CERTIFICATE",
                            made.getCertificate("own").getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(bytes)
                        + "\n-----END " + what + "-----\n");
    }

    /** Writes a store of the certificates that are to be trusted. */
    static Path trust(Path file, Identity... trusted) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Identity each : trusted) {
                store.setCertificateEntry(
                        each.keyStore().getFileName().toString(),
                        KeyStore.getInstance(each.keyStore().toFile(), PASSWORD.toCharArray())
                                .getCertificate("own"));
            }
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, PASSWORD.toCharArray());
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
