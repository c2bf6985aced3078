package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates in files. Failures name the option, never what is in the file. */
final class PemFiles {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String BEGIN = "-----BEGIN ";

    private PemFiles() {}

    /** The private key of PEM. @throws IllegalArgumentException where there is none */
    static PrivateKey privateKey(String option, Path file) {
        Matcher matcher = PRIVATE_KEY.matcher(new String(read(option, file), StandardCharsets.ISO_8859_1));
        if (matcher.find()) {
            PKCS8EncodedKeySpec encoded;
            try {
                encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
            } catch (IllegalArgumentException e) {
                throw noKey(option);
            }
            for (String algorithm : List.of("RSA", "EC")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (GeneralSecurityException e) {
                    // it may be a key of the other kind
                }
            }
        }
        throw noKey(option);
    }

    private static IllegalArgumentException noKey(String option) {
        return new IllegalArgumentException(
                option + " is to be a file that has a private key, RSA or EC, as PEM of PKCS #8: BEGIN PRIVATE KEY");
    }

    /** The certificates of PEM, or what is in a key store. @throws IllegalArgumentException where it cannot be read */
    static KeyStore keyStore(String option, Path file, String password) {
        byte[] bytes = read(option, file);
        try {
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains(BEGIN)) {
                return certificates(bytes);
            }
            return KeyStore.getInstance(file.toFile(), password == null ? null : password.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(option + " cannot be read, or its password is another", e);
        }
    }

    private static KeyStore certificates(byte[] pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry(Integer.toString(number++), certificate);
        }
        return store;
    }

    private static byte[] read(String option, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(option + " cannot be read: " + file, e);
        }
    }
}
