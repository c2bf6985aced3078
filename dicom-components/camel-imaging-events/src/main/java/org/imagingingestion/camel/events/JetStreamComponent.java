package org.imagingingestion.camel.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.ObjectHelper;

import io.nats.client.Nats;
import io.nats.client.Options;

/** The connection to a server or a cluster of them, which all endpoints share. */
@Component("jetstream")
public class JetStreamComponent extends DefaultComponent {
    private static final String USER_SEED = "SU";
    private static final Duration RECONNECT_WAIT = Duration.ofMillis(500);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

    @Metadata(
            defaultValue = "nats://localhost:4222",
            description = "Addresses of the servers of a cluster, separated by commas, such as nats://nats:4222")
    private String servers = "nats://localhost:4222";

    @Metadata(label = "security", secret = true, description = "Token to log on with")
    private String token;

    @Metadata(label = "security", description = "Name to log on with")
    private String username;

    @Metadata(label = "security", secret = true, description = "Password to log on with")
    private String password;

    @Metadata(label = "security", description = "File of credentials to log on with, as nsc makes it")
    private String credentialsFile;

    @Metadata(label = "security", description = "File with the seed of an NKey to log on with, as nk makes it")
    private String nkeySeedFile;

    @Metadata(label = "security", defaultValue = "false", description = "Whether connections are encrypted")
    private boolean tls = false;

    @Metadata(
            label = "security",
            description = "PKCS #12 file with the key and certificate of this side, where the server asks for one")
    private String keyStore;

    @Metadata(label = "security", secret = true, description = "Password of keyStore")
    private String keyStorePassword;

    @Metadata(
            label = "security",
            description = "PKCS #12 file with the certificates to trust; the default are those of Java")
    private String trustStore;

    @Metadata(label = "security", secret = true, description = "Password of trustStore")
    private String trustStorePassword;

    private NatsConnection connection;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        JetStreamEndpoint endpoint = new JetStreamEndpoint(uri, this);
        endpoint.setSubject(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Made when it is first asked for. */
    synchronized NatsConnection connection() throws GeneralSecurityException {
        if (connection == null) {
            connection = new NatsConnection(options());
        }
        return connection;
    }

    private Options options() throws GeneralSecurityException {
        Options.Builder options = new Options.Builder()
                .servers(servers.split(","))
                .connectionName("imaging-ingestion")
                .maxReconnects(-1)
                .reconnectWait(RECONNECT_WAIT)
                .pingInterval(PING_INTERVAL)
                // what cannot be sent now is told to whoever sends it
                .reconnectBufferSize(0)
                .errorListener(new QuietErrorListener());
        if (ObjectHelper.isNotEmpty(token)) {
            options.token(token.toCharArray());
        }
        if (ObjectHelper.isNotEmpty(username)) {
            options.userInfo(username.toCharArray(), password == null ? new char[0] : password.toCharArray());
        }
        if (ObjectHelper.isNotEmpty(credentialsFile)) {
            options.authHandler(Nats.credentials(credentialsFile));
        }
        if (ObjectHelper.isNotEmpty(nkeySeedFile)) {
            options.authHandler(Nats.staticCredentials(null, seed(Path.of(nkeySeedFile))));
        }
        if (tls) {
            options.sslContext(TlsContext.of(this));
        }
        return options.build();
    }

    private static char[] seed(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith(USER_SEED))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("nkeySeedFile " + file + " has no seed of a user"))
                    .toCharArray();
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException("nkeySeedFile " + file + " cannot be read", e);
        }
    }

    /** Whether an endpoint uses the connection. */
    public synchronized boolean isUsed() {
        return connection != null;
    }

    /** Whether the server can be reached now. */
    public synchronized boolean isConnected() {
        return connection != null && connection.isConnected();
    }

    @Override
    protected synchronized void doShutdown() throws Exception {
        if (connection != null) {
            connection.close();
            connection = null;
        }
        super.doShutdown();
    }

    public String getServers() {
        return servers;
    }

    public void setServers(String servers) {
        this.servers = servers;
    }

    public String getToken() {
        return token;
    }

    public void setToken(String token) {
        this.token = token;
    }

    public String getUsername() {
        return username;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getCredentialsFile() {
        return credentialsFile;
    }

    public void setCredentialsFile(String credentialsFile) {
        this.credentialsFile = credentialsFile;
    }

    public String getNkeySeedFile() {
        return nkeySeedFile;
    }

    public void setNkeySeedFile(String nkeySeedFile) {
        this.nkeySeedFile = nkeySeedFile;
    }

    public boolean isTls() {
        return tls;
    }

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    public String getKeyStore() {
        return keyStore;
    }

    public void setKeyStore(String keyStore) {
        this.keyStore = keyStore;
    }

    public String getKeyStorePassword() {
        return keyStorePassword;
    }

    public void setKeyStorePassword(String keyStorePassword) {
        this.keyStorePassword = keyStorePassword;
    }

    public String getTrustStore() {
        return trustStore;
    }

    public void setTrustStore(String trustStore) {
        this.trustStore = trustStore;
    }

    public String getTrustStorePassword() {
        return trustStorePassword;
    }

    public void setTrustStorePassword(String trustStorePassword) {
        this.trustStorePassword = trustStorePassword;
    }
}
