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

    @UriParam(label = "producer,security", secret = true, description = "Token to be sent as Authorization: Bearer")
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
}
