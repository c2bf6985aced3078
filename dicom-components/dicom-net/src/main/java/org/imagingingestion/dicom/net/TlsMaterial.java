package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and trusted certificates for TLS by BCP 195 (PS3.15 §B.9 to §B.12): versions 1.2 and 1.3, suites with forward
 * secrecy and authenticated encryption. Files that change are read again for the next connection.
 */
public final class TlsMaterial {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384");

    /** Whether an acceptor wants a certificate of its peer. */
    public enum ClientAuthentication {
        NONE,
        WANT,
        REQUIRE
    }

    private record Store(Path file, char[] password) {
        KeyStore load() throws IOException, GeneralSecurityException {
            // the type is told by the file: JKS or PKCS12
            return KeyStore.getInstance(file.toFile(), password);
        }

        FileTime time() throws IOException {
            return Files.getLastModifiedTime(file);
        }
    }

    private final Store keys;
    private final Store trusted;
    private SSLContext context;
    private List<FileTime> times;

    /**
     * @param keyStore file of this side's key and certificates, {@code null} for none
     * @param trustStore file of the certificates to trust, {@code null} for those that Java trusts
     */
    public TlsMaterial(Path keyStore, String keyStorePassword, Path trustStore, String trustStorePassword) {
        keys = keyStore == null ? null : new Store(keyStore, characters(keyStorePassword));
        trusted = trustStore == null ? null : new Store(trustStore, characters(trustStorePassword));
    }

    private static char[] characters(String password) {
        return password == null ? new char[0] : password.toCharArray();
    }

    /** @throws IOException where a file cannot be read, or is no store that its password opens */
    public synchronized SSLContext context() throws IOException {
        try {
            List<FileTime> now = times();
            if (context == null || !now.equals(times)) {
                context = load();
                times = now;
            }
        } catch (GeneralSecurityException | IOException e) {
            if (context == null) {
                throw new IOException("The TLS key material cannot be read: " + e.getMessage(), e);
            }
            // half of a change: what was read before holds until all of it is there
        }
        return context;
    }

    private List<FileTime> times() throws IOException {
        return List.of(
                keys == null ? FileTime.fromMillis(0) : keys.time(),
                trusted == null ? FileTime.fromMillis(0) : trusted.time());
    }

    private SSLContext load() throws IOException, GeneralSecurityException {
        KeyManagerFactory keyManagers = null;
        if (keys != null) {
            keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys.load(), keys.password());
        }
        TrustManagerFactory trustManagers = null;
        if (trusted != null) {
            trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(trusted.load());
        }
        SSLContext loaded = SSLContext.getInstance("TLS");
        loaded.init(
                keyManagers == null ? null : keyManagers.getKeyManagers(),
                trustManagers == null ? null : trustManagers.getTrustManagers(),
                null);
        return loaded;
    }

    /** TLS over a connection that was accepted; the handshake is still to come. */
    SSLSocket accepted(Socket plain, ClientAuthentication authentication) throws IOException {
        SSLSocket socket =
                (SSLSocket) context().getSocketFactory().createSocket(plain, InputStream.nullInputStream(), true);
        SSLParameters parameters = parameters(socket);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNeedClientAuth(authentication == ClientAuthentication.REQUIRE);
        if (authentication == ClientAuthentication.WANT) {
            parameters.setWantClientAuth(true);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** TLS over a connection that was opened to a host, whose certificate must name it unless that is not wanted. */
    SSLSocket opened(Socket plain, String host, int port, boolean verifyHost) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(plain, host, port, true);
        SSLParameters parameters = parameters(socket);
        parameters.setEndpointIdentificationAlgorithm(verifyHost ? "HTTPS" : null);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static SSLParameters parameters(SSLSocket socket) {
        List<String> supported = Arrays.asList(socket.getSupportedCipherSuites());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(SUITES.stream().filter(supported::contains).toArray(String[]::new));
        return parameters;
    }
}
