package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;

/** How a producer proves who it is, and whom it trusts. */
@UriParams
public class AuthenticationConfiguration {
    @UriParam(
            label = "producer,security",
            description = "Trusted certificates, and the client's own; by default those that Java trusts, and none")
    private SSLContextParameters sslContextParameters;

    @UriParam(
            label = "producer,security",
            description =
                    "File of the certificates to trust, in place of those that Java trusts: PEM, PKCS #12 or JKS. Not with"
                            + " sslContextParameters")
    private String trustStore;

    @UriParam(label = "producer,security", secret = true, description = "Password of the trustStore; PEM has none")
    private String trustStorePassword;

    @UriParam(
            label = "producer,security",
            description =
                    "File of the client's own key and certificate, PKCS #12 or JKS, for servers that ask for one. Not with"
                            + " sslContextParameters")
    private String keyStore;

    @UriParam(label = "producer,security", secret = true, description = "Password of the keyStore and of its key")
    private String keyStorePassword;

    @UriParam(
            label = "producer,security",
            secret = true,
            description = "Token to be sent as Authorization: Bearer; or all of the value, as Basic dXNlcjpzZWNyZXQ=")
    private String bearerToken;

    @UriParam(
            label = "producer,security",
            description = "File of the token to be sent as Authorization: Bearer; it is read again when it changes")
    private String bearerTokenFile;

    @UriParam(label = "producer,security", secret = true, description = "Name to be sent as Authorization: Basic")
    private String username;

    @UriParam(label = "producer,security", secret = true, description = "Password to be sent as Authorization: Basic")
    private String password;

    @UriParam(
            label = "producer,security",
            description = "URL of the OAuth 2 token endpoint that gives tokens for client credentials (RFC 6749 §4.4)")
    private String tokenUrl;

    @UriParam(label = "producer,security", description = "Client identifier for the token endpoint")
    private String clientId;

    @UriParam(label = "producer,security", secret = true, description = "Client secret for the token endpoint")
    private String clientSecret;

    @UriParam(
            label = "producer,security",
            description =
                    "File of the private key that the client proves itself with at the token endpoint, in place of clientSecret,"
                            + " by signed JWTs (RFC 7523, SMART Backend Services): PEM of PKCS #8, RSA for RS384 or P-384 for ES384")
    private String clientKey;

    @UriParam(
            label = "producer,security",
            description = "Identifier (kid) that the public key of clientKey is registered with at the token endpoint")
    private String clientKeyId;

    @UriParam(
            label = "producer,security",
            description = "Scopes to ask the token endpoint for, separated by spaces or commas")
    private String scopes;

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public String getBearerToken() {
        return bearerToken;
    }

    public void setBearerToken(String bearerToken) {
        this.bearerToken = bearerToken;
    }

    public String getBearerTokenFile() {
        return bearerTokenFile;
    }

    public void setBearerTokenFile(String bearerTokenFile) {
        this.bearerTokenFile = bearerTokenFile;
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

    public String getTokenUrl() {
        return tokenUrl;
    }

    public void setTokenUrl(String tokenUrl) {
        this.tokenUrl = tokenUrl;
    }

    public String getClientId() {
        return clientId;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public String getClientSecret() {
        return clientSecret;
    }

    public void setClientSecret(String clientSecret) {
        this.clientSecret = clientSecret;
    }

    public String getScopes() {
        return scopes;
    }

    public void setScopes(String scopes) {
        this.scopes = scopes;
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

    public String getClientKey() {
        return clientKey;
    }

    public void setClientKey(String clientKey) {
        this.clientKey = clientKey;
    }

    public String getClientKeyId() {
        return clientKeyId;
    }

    public void setClientKeyId(String clientKeyId) {
        this.clientKeyId = clientKeyId;
    }
}
