package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

import org.imagingingestion.dicom.net.UserInformation.UserIdentity;

/** The user whom associations are opened for (PS3.7 §D.3.3.7). */
final class CallingUser {
    private static final String FILE = "file:";

    private final UserIdentity.Kind kind;
    private final boolean isConfirmed;
    private final byte[] primary;
    private final byte[] secondary;
    private final Path tokenFile;

    /** @throws IllegalArgumentException where the options of the user do not go together */
    CallingUser(DimseConfiguration options) {
        String name = options.getUserName();
        String passcode = options.getPasscode();
        String token = options.getUserIdentityToken();
        kind = kind(options);
        boolean isNamed = kind == UserIdentity.Kind.USERNAME || kind == UserIdentity.Kind.USERNAME_AND_PASSCODE;
        require(isNamed == isSet(name), "userName goes with the userIdentityType USERNAME or USERNAME_AND_PASSCODE");
        require(
                (kind == UserIdentity.Kind.USERNAME_AND_PASSCODE) == isSet(passcode),
                "passcode goes with the userIdentityType USERNAME_AND_PASSCODE");
        require(
                (kind != null && !isNamed) == isSet(token),
                "userIdentityToken goes with the userIdentityType KERBEROS, SAML or JWT");
        isConfirmed = options.isUserIdentityConfirmed();
        tokenFile = isSet(token) && token.startsWith(FILE) ? Path.of(token.substring(FILE.length())) : null;
        primary = isSet(token) && tokenFile == null ? decoded(token) : bytes(name);
        secondary = bytes(passcode);
    }

    private static UserIdentity.Kind kind(DimseConfiguration options) {
        if (options.getUserIdentityType() != null || !isSet(options.getUserName())) {
            return options.getUserIdentityType();
        }
        return isSet(options.getPasscode()) ? UserIdentity.Kind.USERNAME_AND_PASSCODE : UserIdentity.Kind.USERNAME;
    }

    private static void require(boolean isKept, String rule) {
        if (!isKept) {
            throw new IllegalArgumentException(rule);
        }
    }

    private static boolean isSet(String text) {
        return text != null && !text.isEmpty();
    }

    private static byte[] decoded(String token) {
        try {
            return Base64.getDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            // the cause would have a part of it
            throw new IllegalArgumentException("userIdentityToken is neither Base64 nor file: and a path");
        }
    }

    private static byte[] bytes(String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a peer is told of the user now, {@code null} for nothing. */
    UserIdentity identity() throws IOException {
        if (kind == null) {
            return null;
        }
        return new UserIdentity(
                kind, isConfirmed, tokenFile == null ? primary : Files.readAllBytes(tokenFile), secondary);
    }
}
