package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How a producer connects, waits and tries again. */
@UriParams
public class ClientConfiguration {
    @UriParam(
            label = "producer",
            defaultValue = "10000",
            javaType = "java.time.Duration",
            description = "Longest time to connect, TLS included")
    private long connectTimeout = 10_000;

    @UriParam(
            label = "producer",
            defaultValue = "120000",
            javaType = "java.time.Duration",
            description =
                    "Longest time from the end of a request to the end of the answer's headers, and for a connection to be free")
    private long responseTimeout = 120_000;

    @UriParam(
            label = "producer",
            defaultValue = "20",
            description = "Most connections to the server; more requests wait")
    private int maxConnections = 20;

    @UriParam(label = "producer,proxy", description = "Host of the HTTP proxy that the server is reached by")
    private String proxyHost;

    @UriParam(label = "producer,proxy", description = "Port of the HTTP proxy")
    private int proxyPort;

    @UriParam(
            label = "producer",
            defaultValue = "3",
            description =
                    "How often a request is tried again where no answer comes, or one of 408, 429, 5xx and"
                            + " httpErrorCodesToRetry. A request to store is tried again only where what it sends can be read again.")
    private int maximumRetries = 3;

    @UriParam(
            label = "producer",
            defaultValue = "1000",
            javaType = "java.time.Duration",
            description =
                    "Time before the first of them; twice as long before each further one. The server may ask for more by"
                            + " Retry-After.")
    private long retryDelay = 1_000;

    @UriParam(
            label = "producer",
            defaultValue = "30000",
            javaType = "java.time.Duration",
            description = "Longest time between them; where the server asks for more, the request has failed")
    private long maximumRetryDelay = 30_000;

    @UriParam(
            label = "producer",
            description = "More HTTP statuses after which a request is tried again, separated by commas")
    private String httpErrorCodesToRetry;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Whether exceptions quote what the server says, which may be a patient's data")
    private boolean logPhi;

    public long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(long responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(String proxyHost) {
        this.proxyHost = proxyHost;
    }

    public int getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(int proxyPort) {
        this.proxyPort = proxyPort;
    }

    public int getMaximumRetries() {
        return maximumRetries;
    }

    public void setMaximumRetries(int maximumRetries) {
        this.maximumRetries = maximumRetries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaximumRetryDelay() {
        return maximumRetryDelay;
    }

    public void setMaximumRetryDelay(long maximumRetryDelay) {
        this.maximumRetryDelay = maximumRetryDelay;
    }

    public String getHttpErrorCodesToRetry() {
        return httpErrorCodesToRetry;
    }

    public void setHttpErrorCodesToRetry(String httpErrorCodesToRetry) {
        this.httpErrorCodesToRetry = httpErrorCodesToRetry;
    }

    public boolean isLogPhi() {
        return logPhi;
    }

    public void setLogPhi(boolean logPhi) {
        this.logPhi = logPhi;
    }
}
