package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.imagingingestion.dicom.DicomException;

/** What requests say to be let in. */
interface Authorization {
    /** Value of the Authorization header, {@code null} for none. */
    String header() throws IOException, DicomException;

    /** Told of a value that was refused. @return whether there may be a better one now */
    default boolean renew(String refused) throws IOException, DicomException {
        return !refused.equals(header());
    }

    /** The one that the options ask for. @throws IllegalArgumentException where they ask for several, or for half of one */
    static Authorization of(AuthenticationConfiguration options, Transport transport) {
        List<Authorization> all = new ArrayList<>();
        if (options.getBearerToken() != null) {
            String header = given(options.getBearerToken());
            all.add(() -> header);
        }
        if (options.getBearerTokenFile() != null) {
            all.add(new TokenFile(Path.of(options.getBearerTokenFile())));
        }
        if (isGiven("username and password", options.getUsername(), options.getPassword())) {
            String header = basic(options.getUsername(), options.getPassword());
            all.add(() -> header);
        }
        if (options.getClientKey() != null) {
            if (options.getClientSecret() != null) {
                throw new IllegalArgumentException("Only one of clientSecret and clientKey can be used");
            }
            isGiven("clientKey, tokenUrl and clientId", options.getTokenUrl(), options.getClientId(), "");
            all.add(new ClientCredentials(options, ClientProof.key(options), transport));
        } else if (isGiven(
                "tokenUrl, clientId and clientSecret",
                options.getTokenUrl(),
                options.getClientId(),
                options.getClientSecret())) {
            all.add(new ClientCredentials(options, ClientProof.secret(options), transport));
        }
        if (all.size() > 1) {
            throw new IllegalArgumentException(
                    "Only one of bearerToken, bearerTokenFile, username and tokenUrl can be used");
        }
        return all.isEmpty() ? () -> null : all.get(0);
    }

    private static boolean isGiven(String names, String... values) {
        int given = 0;
        for (String value : values) {
            given += value == null ? 0 : 1;
        }
        if (given > 0 && given < values.length) {
            throw new IllegalArgumentException(names + " can only be used together");
        }
        return given > 0;
    }

    /** A token, or a value that has its scheme already (RFC 9110 §11.4). */
    private static String given(String token) {
        return token.matches("[A-Za-z0-9-]+ [!-~]+") ? token : bearer(token);
    }

    /** RFC 6750 §2.1. */
    static String bearer(String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("The bearer token has no character, or one that no token has");
        }
        return "Bearer " + token;
    }

    /** RFC 7617. */
    static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }
}
