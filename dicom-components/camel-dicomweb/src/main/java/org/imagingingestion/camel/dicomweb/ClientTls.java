package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.apache.camel.CamelContext;

/** Whom a client trusts, and the certificate that it shows. */
final class ClientTls {
    private ClientTls() {}

    /** @throws IllegalArgumentException where options exclude each other or a file cannot be read */
    static SSLContext of(AuthenticationConfiguration options, CamelContext camelContext)
            throws GeneralSecurityException, IOException {
        boolean hasStores = options.getTrustStore() != null || options.getKeyStore() != null;
        if (options.getSslContextParameters() != null && hasStores) {
            throw new IllegalArgumentException("trustStore and keyStore cannot be used with sslContextParameters");
        }
        if (options.getSslContextParameters() != null) {
            return options.getSslContextParameters().createSSLContext(camelContext);
        }
        if (!hasStores) {
            return SSLContext.getDefault();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(options), trusted(options), null);
        return context;
    }

    private static KeyManager[] keys(AuthenticationConfiguration options) throws GeneralSecurityException {
        if (options.getKeyStore() == null) {
            return null;
        }
        if (options.getKeyStorePassword() == null) {
            throw new IllegalArgumentException("keyStore can only be used with keyStorePassword");
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(
                PemFiles.keyStore("keyStore", Path.of(options.getKeyStore()), options.getKeyStorePassword()),
                options.getKeyStorePassword().toCharArray());
        return factory.getKeyManagers();
    }

    private static TrustManager[] trusted(AuthenticationConfiguration options) throws GeneralSecurityException {
        if (options.getTrustStore() == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(
                PemFiles.keyStore("trustStore", Path.of(options.getTrustStore()), options.getTrustStorePassword()));
        return factory.getTrustManagers();
    }
}
