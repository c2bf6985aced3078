package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.apache.hc.core5.http.ContentType;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/**
 * Tokens of an OAuth 2 token endpoint for client credentials (RFC 6749 §4.4), each used until shortly before it expires. The client
 * proves itself by a secret or by a key.
 */
final class ClientCredentials implements Authorization {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_ANSWER = 256 << 10;
    private static final long LONGEST_TIME = 30_000;
    private static final Duration USED_WITHOUT_EXPIRY = Duration.ofMinutes(5);
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final String tokenUrl;
    private final ClientProof client;
    private final String form;
    private final Transport transport;
    private String header;
    private long goodUntil;

    /** @throws IllegalArgumentException where the token endpoint is no URL */
    ClientCredentials(AuthenticationConfiguration options, ClientProof client, Transport transport) {
        this.tokenUrl = Transport.url("tokenUrl", options.getTokenUrl()).toString();
        this.client = client;
        String scopes =
                options.getScopes() == null ? "" : options.getScopes().strip().replaceAll("[\\s,]+", " ");
        this.form = "grant_type=client_credentials" + (scopes.isEmpty() ? "" : "&scope=" + encode(scopes));
        this.transport = transport;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized String header() throws IOException, DicomException {
        if (header == null || System.nanoTime() - goodUntil >= 0) {
            fetch();
        }
        return header;
    }

    @Override
    public synchronized boolean renew(String refused) throws IOException, DicomException {
        // another thread may have been here before
        if (refused.equals(header)) {
            header = null;
        }
        header();
        return true;
    }

    private void fetch() throws IOException, DicomException {
        ClientRequest request = new ClientRequest(
                "POST",
                tokenUrl,
                Map.of("Accept", MediaType.JSON.type()),
                new BytesBody(
                        (form + client.form()).getBytes(StandardCharsets.US_ASCII),
                        ContentType.APPLICATION_FORM_URLENCODED));
        try (Answer answer = transport.send(request, client.header()).within(LONGEST_TIME)) {
            if (answer.status() >= 500) {
                throw new IOException("The token endpoint answered " + answer.status());
            }
            if (answer.status() != 200) {
                throw new DicomwebException(
                        DicomStatus.NOT_AUTHORIZED, answer.status(), "The token endpoint answered " + answer.status());
            }
            read(new BoundedStream(answer.body(), LONGEST_ANSWER));
            answer.drain();
        }
    }

    private void read(InputStream in) throws IOException {
        String token = null;
        Duration lifetime = USED_WITHOUT_EXPIRY;
        try (JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (name.equals("access_token") && value == JsonToken.VALUE_STRING) {
                        token = parser.getText();
                    } else if (name.equals("expires_in") && value.isScalarValue()) {
                        lifetime = Duration.ofSeconds(parser.getValueAsLong(USED_WITHOUT_EXPIRY.toSeconds()));
                    }
                    parser.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            // its message quotes the input
            throw new IOException("The token endpoint's answer is not JSON");
        }
        if (token == null) {
            throw new IOException("The token endpoint gave no access_token");
        }
        header = Authorization.bearer(token);
        Duration margin = lifetime.dividedBy(10).compareTo(MARGIN) < 0 ? lifetime.dividedBy(10) : MARGIN;
        goodUntil = System.nanoTime() + lifetime.minus(margin).toNanos();
    }
}
