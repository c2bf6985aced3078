package org.imagingingestion.camel.events;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.apache.camel.util.ObjectHelper;

/** The keys and certificates that a component names. */
final class TlsContext {
    private TlsContext() {}

    /** @throws GeneralSecurityException where a store cannot be read or is none */
    static SSLContext of(JetStreamComponent component) throws GeneralSecurityException {
        KeyManagerFactory keys = null;
        TrustManagerFactory trusted = null;
        if (ObjectHelper.isNotEmpty(component.getKeyStore())) {
            keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(
                    store(component.getKeyStore(), component.getKeyStorePassword()),
                    characters(component.getKeyStorePassword()));
        }
        if (ObjectHelper.isNotEmpty(component.getTrustStore())) {
            trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store(component.getTrustStore(), component.getTrustStorePassword()));
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys == null ? null : keys.getKeyManagers(), trusted == null ? null : trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyStore store(String file, String password) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, characters(password));
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("The key store " + file + " cannot be read", e);
        }
    }

    private static char[] characters(String password) {
        return password == null ? new char[0] : password.toCharArray();
    }
}
