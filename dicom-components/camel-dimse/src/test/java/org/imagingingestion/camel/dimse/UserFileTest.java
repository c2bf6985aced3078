package org.imagingingestion.camel.dimse;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.imagingingestion.dicom.net.UserIdentityAuthenticator.User;
import org.imagingingestion.dicom.net.UserInformation.UserIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class UserFileTest {
    @TempDir
    Path folder;

    private UserFile users;

    @BeforeEach
    void write() throws Exception {
        String lines = "# radiology\n\n" + UserFile.line("jane", "s3cret:ü".toCharArray()) + '\n'
                + UserFile.line("joe", "other".toCharArray()) + "\nbroken\n";
        users = new UserFile(Files.writeString(folder.resolve("users"), lines));
    }

    private Optional<User> authenticate(UserIdentity.Kind kind, String name, String passcode) {
        return users.authenticate(
                new UserIdentity(
                        kind, false, name.getBytes(StandardCharsets.UTF_8), passcode.getBytes(StandardCharsets.UTF_8)),
                "CT1",
                InetAddress.getLoopbackAddress());
    }

    private Optional<String> authenticate(String name, String passcode) {
        return authenticate(UserIdentity.Kind.USERNAME_AND_PASSCODE, name, passcode)
                .map(User::name);
    }

    @Test
    void takesTheRightPasscodeOnly() {
        assertThat(authenticate("jane", "s3cret:ü")).contains("jane");
        assertThat(authenticate("joe", "other")).contains("joe");
        assertThat(authenticate("jane", "other")).isEmpty();
        assertThat(authenticate("jane", "")).isEmpty();
        assertThat(authenticate("nobody", "other")).isEmpty();
        assertThat(authenticate("", "")).isEmpty();
        assertThat(authenticate("# radiology", "")).isEmpty();
    }

    @Test
    void takesNobodyWithoutPasscode() {
        for (UserIdentity.Kind kind : UserIdentity.Kind.values()) {
            if (kind != UserIdentity.Kind.USERNAME_AND_PASSCODE) {
                assertThat(authenticate(kind, "jane", "s3cret:ü"))
                        .as(kind.name())
                        .isEmpty();
            }
        }
    }

    @Test
    void readsTheFileAnew() throws Exception {
        Files.writeString(users.file(), UserFile.line("jane", "new".toCharArray()));

        assertThat(authenticate("jane", "s3cret:ü")).isEmpty();
        assertThat(authenticate("jane", "new")).contains("jane");
    }

    @Test
    void failsWhereTheFileIsGone() throws Exception {
        Files.delete(users.file());

        assertThatThrownBy(() -> authenticate("jane", "s3cret:ü")).isInstanceOf(UncheckedIOException.class);
    }
}
