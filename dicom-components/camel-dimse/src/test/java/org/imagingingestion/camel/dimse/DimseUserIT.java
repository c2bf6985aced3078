package org.imagingingestion.camel.dimse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.net.AssociationRejectedException;
import org.imagingingestion.dicom.net.UserIdentityAuthenticator;
import org.imagingingestion.dicom.net.UserInformation.UserIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Users whom peers call for, and whom the component calls for (PS3.7 §D.3.3.7). */
class DimseUserIT extends DimseFixture {
    private final List<UserIdentity> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serveUsers() throws Exception {
        UserIdentityAuthenticator authenticator = (identity, callingAE, address) -> {
            seen.add(identity);
            String primary = new String(identity.primary(), StandardCharsets.UTF_8);
            return primary.equals("mallory")
                    ? Optional.empty()
                    : Optional.of(new UserIdentityAuthenticator.User(callingAE + ':' + primary));
        };
        context.getRegistry().bind("authenticator", UserIdentityAuthenticator.class, authenticator);
        Path users = Files.writeString(folder.resolve("users"), UserFile.line("jane", "s3cret".toCharArray()));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("dimse:SECURE?operations=store&userIdentityAuthenticator=#authenticator")
                        .process(exchange -> receive(exchange));
                from("dimse:SECURE?operations=find").process(exchange -> search(exchange));
                from("dimse:FILE?operations=store&users=" + users).process(exchange -> receive(exchange));
                from("dimse:GUESTS?operations=store&userIdentityRequired=false&users=" + users)
                        .process(exchange -> receive(exchange));
            }
        });
    }

    private void store(String called, String user) {
        send(
                "dimse:" + called + "@127.0.0.1:" + port + "?callingAE=TEST&maximumRetries=0" + user,
                file("1.2"),
                Map.of());
    }

    private void assertRejected(String called, String user) {
        assertThatThrownBy(() -> store(called, user)).hasRootCauseInstanceOf(AssociationRejectedException.class);
        assertThat(received).isEmpty();
    }

    @Test
    void tellsTheRouteWhoTheUserIs() {
        store("SECURE", "&userName=jane&passcode=s3cret&userIdentityConfirmed=true");

        assertThat(received.get(0).headers()).containsEntry(DimseConstants.USER_NAME, "TEST:jane");
        assertThat(seen.get(0).kind()).isEqualTo(UserIdentity.Kind.USERNAME_AND_PASSCODE);
        assertThat(seen.get(0).secondary()).asString().isEqualTo("s3cret");
    }

    @Test
    void rejectsWhomTheBeanDoesNotKnowAndWhoSaysNothing() {
        assertRejected("SECURE", "&userName=mallory");
        assertRejected("SECURE", "");
        assertThat(server().statistics().rejectedAssociations()).isEqualTo(2);
    }

    @Test
    void doesNotTryAgainWhatIsRejectedForGood() {
        assertThatThrownBy(() -> send(
                        "dimse:SECURE@127.0.0.1:" + port + "?maximumRetries=2&userName=mallory", file("1.2"), Map.of()))
                .hasRootCauseInstanceOf(AssociationRejectedException.class);
        assertThat(seen).hasSize(1);
    }

    @Test
    void protectsTheOtherOperationsOfTheAETitleToo() {
        assertThatThrownBy(() -> send(
                        "dimse:SECURE@127.0.0.1:" + port + "?operation=find&maximumRetries=0", identifier(), Map.of()))
                .hasRootCauseInstanceOf(AssociationRejectedException.class);
        assertThatThrownBy(() -> send("dimse:SECURE@127.0.0.1:" + port + "?operation=echo", "", Map.of()))
                .hasRootCauseInstanceOf(AssociationRejectedException.class);
        assertThat(queries).isEmpty();
    }

    @Test
    void takesTheUsersOfAFile() {
        assertRejected("FILE", "&userName=jane&passcode=wrong");
        assertRejected("FILE", "&userName=jane");
        assertRejected("FILE", "");
        store("FILE", "&userName=jane&passcode=s3cret");

        assertThat(received.get(0).headers()).containsEntry(DimseConstants.USER_NAME, "jane");
    }

    @Test
    void takesThoseWithoutUserWhereItIsSetSo() {
        assertRejected("GUESTS", "&userName=jane&passcode=wrong");
        store("GUESTS", "");

        assertThat(received.get(0).headers()).doesNotContainKey(DimseConstants.USER_NAME);
    }

    @Test
    void believesNobodyWhereNobodyIsVerified() {
        store("ARCHIVE", "&userName=jane&passcode=s3cret");

        assertThat(received.get(0).headers()).doesNotContainKey(DimseConstants.USER_NAME);
    }

    @Test
    void sendsNothingToAPeerThatDoesNotConfirmTheUser() {
        assertThatThrownBy(() -> store("ARCHIVE", "&userName=jane&userIdentityConfirmed=true"))
                .hasStackTraceContaining("does not confirm the user identity");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"KERBEROS, true", "SAML, false", "JWT, true"})
    void carriesTokensThrough(UserIdentity.Kind kind, boolean isFile) throws Exception {
        byte[] token = {1, 0, -1, '+', '/'};
        String given = isFile
                ? "file:" + Files.write(folder.resolve("token"), token)
                : "RAW(" + Base64.getEncoder().encodeToString(token) + ')';

        store("SECURE", "&userIdentityType=" + kind + "&userIdentityToken=" + given);

        assertThat(seen.get(0).kind()).isEqualTo(kind);
        assertThat(seen.get(0).primary()).isEqualTo(token);
        assertThat(seen.get(0).secondary()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "passcode=s3cret | passcode goes with",
                "userIdentityType=USERNAME | userName goes with",
                "userIdentityType=SAML | userIdentityToken goes with",
                "userName=jane&userIdentityToken=aaaa | userIdentityToken goes with",
                "userIdentityType=JWT&userIdentityToken=s3cret! | neither Base64 nor file",
            })
    void saysWhichOptionsDoNotGoTogether(String options, String message) {
        assertThatThrownBy(() -> store("SECURE", "&" + options))
                .hasStackTraceContaining(message)
                .rootCause()
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void tellsOfAnEndpointWithoutItsSecrets() {
        assertThatThrownBy(() -> send(
                        "dimse:X@127.0.0.1:70000?userName=jane&passcode=s3cret&keyStorePassword=s3cret", "", Map.of()))
                .rootCause()
                .hasMessageContaining("The port of dimse://X@127.0.0.1:70000")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void refusesEndpointsThatVerifyUsersInDifferentWays() {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("dimse:FILE?operations=find&userIdentityAuthenticator=#authenticator")
                                .to("log:never");
                    }
                }))
                .hasStackTraceContaining("Endpoints of FILE verify users in different ways");
    }

    @ParameterizedTest
    @CsvSource({"s3cret, 0", "wrong, 1", ", 1"})
    void takesStorescu(String passcode, int exitCode) throws Exception {
        Path file = Files.write(folder.resolve("a.dcm"), file("1.2"));
        ProcessBuilder storescu = new ProcessBuilder("storescu", "-aec", "FILE");
        if (passcode != null) {
            storescu.command().addAll(List.of("-usr", "jane", "-pwd", passcode, "-rsp"));
        }
        storescu.command().addAll(List.of("127.0.0.1", Integer.toString(port), file.toString()));
        Path output = folder.resolve("output");
        Process process = storescu.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(exitCode);
        assertThat(received).hasSize(1 - exitCode);
        if (exitCode == 0) {
            assertThat(received.get(0).headers()).containsEntry(DimseConstants.USER_NAME, "jane");
        }
    }
}
