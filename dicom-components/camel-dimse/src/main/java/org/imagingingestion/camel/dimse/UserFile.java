package org.imagingingestion.camel.dimse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import org.imagingingestion.dicom.net.UserIdentityAuthenticator;
import org.imagingingestion.dicom.net.UserInformation.UserIdentity;

/**
 * Users with passcodes from a file, a line {@code name:iterations:salt:hash} each, with the hash by PBKDF2 of HMAC-SHA-256. It is read
 * for each association. {@link #main} makes a line.
 */
public record UserFile(Path file) implements UserIdentityAuthenticator {
    private static final int ITERATIONS = 210_000;
    private static final int SALT = 16;
    private static final int HASH_BITS = 256;
    /** As costly as one of a user that there is, so that the time does not tell who is one. */
    private static final String[] NOBODY = {"", Integer.toString(ITERATIONS), "AAAAAAAAAAAAAAAAAAAAAA==", "AAAA"};

    @Override
    public Optional<User> authenticate(UserIdentity identity, String callingAETitle, InetAddress address) {
        if (identity.kind() != UserIdentity.Kind.USERNAME_AND_PASSCODE) {
            return Optional.empty();
        }
        String name = new String(identity.primary(), StandardCharsets.UTF_8);
        char[] passcode = new String(identity.secondary(), StandardCharsets.UTF_8).toCharArray();
        return isRight(line(name), passcode) ? Optional.of(new User(name)) : Optional.empty();
    }

    private String[] line(String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.strip().split(":"))
                    .filter(parts -> parts.length == NOBODY.length && parts[0].equals(name))
                    .findFirst()
                    .orElse(NOBODY);
        } catch (IOException e) {
            throw new UncheckedIOException("The users of " + file + " cannot be read", e);
        }
    }

    private static boolean isRight(String[] line, char[] passcode) {
        byte[] salt = Base64.getDecoder().decode(line[2]);
        byte[] expected = Base64.getDecoder().decode(line[3]);
        return MessageDigest.isEqual(expected, hash(passcode, salt, Integer.parseInt(line[1])));
    }

    private static byte[] hash(char[] passcode, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(passcode, salt, iterations, HASH_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PBKDF2 is not to be had", e);
        }
    }

    /** The line of a user. */
    static String line(String name, char[] passcode) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return name
                + ':'
                + ITERATIONS
                + ':'
                + base64.encodeToString(salt)
                + ':'
                + base64.encodeToString(hash(passcode, salt, ITERATIONS));
    }

    /** Writes the line of the user that the argument names, whose passcode is the first line of the input. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(line(arguments[0], in.readLine().toCharArray()));
    }
}
