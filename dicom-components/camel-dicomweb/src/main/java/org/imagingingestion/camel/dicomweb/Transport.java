package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;

import javax.net.ssl.SSLContext;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Sends one request after the other over connections that it keeps, each within its time. */
final class Transport implements Closeable {
    private static final String BODY = ClientRequest.Body.class.getName();
    private static final int LONGEST_HEADER = 16 << 10;
    private static final int MOST_HEADERS = 200;
    /** Each way of a connection. */
    static final int BUFFER = 64 << 10;

    private static final int KEPT_SECONDS = 30;
    private static final int MOST_REDIRECTS = 5;

    private final ClientConfiguration configuration;
    private final long idleTimeout;
    private final ScheduledExecutorService scheduler;
    private final CloseableHttpClient client;

    /**
     * @param scheduler for the time limits; shut down by its owner
     * @throws IllegalArgumentException where an option cannot be
     */
    Transport(
            ClientConfiguration configuration,
            long idleTimeout,
            boolean expectContinue,
            SSLContext sslContext,
            ScheduledExecutorService scheduler) {
        requirePositive("connectTimeout", configuration.getConnectTimeout());
        requirePositive("responseTimeout", configuration.getResponseTimeout());
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("maxConnections", configuration.getMaxConnections());
        this.configuration = configuration;
        this.idleTimeout = idleTimeout;
        this.scheduler = scheduler;
        Timeout response = Timeout.ofMilliseconds(configuration.getResponseTimeout());
        client = HttpClientBuilder.create()
                .setConnectionManager(connections(configuration, sslContext))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(response)
                        .setResponseTimeout(response)
                        .setExpectContinueEnabled(expectContinue)
                        .setAuthenticationEnabled(false)
                        .setMaxRedirects(MOST_REDIRECTS)
                        .build())
                .setConnectionReuseStrategy((request, answer, context) -> isSent(context.getAttribute(BODY))
                        && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, answer, context))
                .setRedirectStrategy(new SameServerRedirects())
                .setProxy(proxy(configuration))
                .setUserAgent("imaging-ingestion")
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .evictExpiredConnections()
                .evictIdleConnections(TimeValue.ofSeconds(KEPT_SECONDS))
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(
            ClientConfiguration configuration, SSLContext sslContext) {
        Timeout connect = Timeout.ofMilliseconds(configuration.getConnectTimeout());
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(sslContext))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(Timeout.ofMilliseconds(configuration.getResponseTimeout()))
                        // what cannot be sent again is not to meet a connection that the server has closed
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
                        .build())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connect).build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(MOST_HEADERS)
                                .setMaxLineLength(LONGEST_HEADER)
                                .setBufferSize(BUFFER)
                                .build())
                        .responseOutOfOrderStrategy(new EarlyAnswer())
                        .build())
                .setMaxConnPerRoute(configuration.getMaxConnections())
                .setMaxConnTotal(2 * configuration.getMaxConnections())
                .build();
    }

    private static HttpHost proxy(ClientConfiguration configuration) {
        if (configuration.getProxyHost() == null) {
            return null;
        }
        if (configuration.getProxyPort() < 1 || configuration.getProxyPort() > 0xFFFF) {
            throw new IllegalArgumentException("proxyPort is to be a port, from 1 to 65535, as there is a proxyHost");
        }
        return new HttpHost(configuration.getProxyHost(), configuration.getProxyPort());
    }

    private static boolean isSent(Object body) {
        return body == null || ((ClientRequest.Body) body).isComplete();
    }

    private static void requirePositive(String option, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " is to be at least 1");
        }
    }

    /**
     * Reads a URL of another system.
     *
     * @param option that has it
     * @throws IllegalArgumentException where it is none, or one with a user or a fragment
     */
    static URI url(String option, String text) {
        try {
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && url.getRawAuthority() != null
                    && url.getRawAuthority().indexOf('@') < 0
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // told below, without the text, which may have a password
        }
        throw new IllegalArgumentException(option
                + " is to be a URL such as https://archive.example.org/dicom-web, without user, query and fragment");
    }

    /**
     * Makes a request once.
     *
     * @param request its address a URL
     * @param authorization header, {@code null} for none
     */
    Answer send(ClientRequest request, String authorization) throws IOException {
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), URI.create(request.address()));
        request.headers().forEach(http::setHeader);
        if (authorization != null) {
            http.setHeader("Authorization", authorization);
        }
        Watch watch = new Watch(scheduler, http);
        Answer answer = null;
        try {
            HttpClientContext context = HttpClientContext.create();
            if (request.body() != null) {
                context.setAttribute(BODY, request.body());
                http.setEntity(request.body().entity(watch, idleTimeout));
            }
            watch.begin(configuration.getConnectTimeout() + 2 * configuration.getResponseTimeout());
            answer = new Answer(http, client.executeOpen(null, http, context), watch, idleTimeout);
            watch.end();
            return answer;
        } catch (IOException e) {
            throw watch.explain(e);
        } finally {
            if (answer == null) {
                watch.abort();
                watch.close();
            }
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
