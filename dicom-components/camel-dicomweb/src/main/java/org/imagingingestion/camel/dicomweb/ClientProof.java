package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** How a client proves at a token endpoint that it is who it says. */
interface ClientProof {
    /** Value of the Authorization header, {@code null} for none. */
    String header();

    /** Parameters that are added to the form. */
    String form();

    /** A secret that both know (RFC 6749 §2.3.1). */
    static ClientProof secret(AuthenticationConfiguration options) {
        String header = Authorization.basic(
                ClientCredentials.encode(options.getClientId()), ClientCredentials.encode(options.getClientSecret()));
        return new ClientProof() {
            @Override
            public String header() {
                return header;
            }

            @Override
            public String form() {
                return "";
            }
        };
    }

    /**
     * A signed JWT (RFC 7523 §2.2), as SMART Backend Services has it: RS384 or ES384, good for minutes and once.
     *
     * @throws IllegalArgumentException where the key cannot be read or is of another kind
     */
    static ClientProof key(AuthenticationConfiguration options) {
        return new SignedAssertion(
                options.getClientId(),
                options.getTokenUrl(),
                options.getClientKeyId(),
                PemFiles.privateKey("clientKey", Path.of(options.getClientKey())));
    }

    /** JWTs that say who the client is. */
    final class SignedAssertion implements ClientProof {
        private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        private static final int LEAST_BITS = 2048;
        private static final int P384 = 384;
        /** SMART App Launch: no more than five minutes. */
        private static final int GOOD_FOR_SECONDS = 240;

        private final String client;
        private final String audience;
        private final String head;
        private final PrivateKey key;
        private final String algorithm;

        private SignedAssertion(String client, String audience, String keyId, PrivateKey key) {
            this.client = client;
            this.audience = audience;
            this.key = key;
            String name;
            if (key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() >= LEAST_BITS) {
                name = "RS384";
                algorithm = "SHA384withRSA";
            } else if (key instanceof ECPrivateKey ec
                    && ec.getParams().getCurve().getField().getFieldSize() == P384) {
                name = "ES384";
                algorithm = "SHA384withECDSAinP1363Format";
            } else {
                throw new IllegalArgumentException(
                        "clientKey is to be an RSA key of 2048 bits or more, or one on the curve P-384");
            }
            head = encode("{\"alg\":\"" + name + "\",\"typ\":\"JWT\""
                    + (keyId == null ? "" : ",\"kid\":" + quote(keyId)) + "}");
        }

        @Override
        public String header() {
            return null;
        }

        @Override
        public String form() {
            long now = Instant.now().getEpochSecond();
            String claims = "{\"iss\":" + quote(client) + ",\"sub\":" + quote(client) + ",\"aud\":" + quote(audience)
                    + ",\"iat\":" + now + ",\"exp\":" + (now + GOOD_FOR_SECONDS) + ",\"jti\":\"" + UUID.randomUUID()
                    + "\"}";
            return "&client_assertion_type=" + ClientCredentials.encode(TYPE) + "&client_assertion="
                    + signed(head + "." + encode(claims));
        }

        private String signed(String text) {
            try {
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(key);
                signature.update(text.getBytes(StandardCharsets.US_ASCII));
                return text + "." + base64(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("clientKey cannot sign", e);
            }
        }

        private static String quote(String text) {
            return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
        }

        private static String encode(String json) {
            return base64(json.getBytes(StandardCharsets.UTF_8));
        }

        private static String base64(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
    }
}
