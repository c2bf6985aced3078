package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.imagingingestion.dicom.net.UserInformation.UserIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** User identity negotiation (PS3.7 §D.3.3.7), of both of our own sides. */
class UserIdentityTest {
    private final List<UserIdentity> seen = new CopyOnWriteArrayList<>();
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        UserIdentityAuthenticator authenticator = (identity, callingAE, address) -> {
            seen.add(identity);
            return switch (text(identity.primary())) {
                case "jane" -> Optional.of(
                        new UserIdentityAuthenticator.User(callingAE + '/' + address.isLoopbackAddress()));
                case "ticket" -> Optional.of(new UserIdentityAuthenticator.User("ticketed", "server".getBytes(UTF_8)));
                case "broken" -> throw new IllegalStateException("The directory is down");
                default -> Optional.empty();
            };
        };
        server = TestServer.on()
                .admission(new ServiceNegotiator.Admission() {
                    @Override
                    public Pdu.AssociateReject admit(Pdu.AssociateRequest request, Negotiator.Peer peer) {
                        return null;
                    }

                    @Override
                    public UserIdentityAuthenticator authenticator() {
                        return authenticator;
                    }
                })
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private Association associate(UserIdentity identity) throws IOException {
        return server.associate(
                contexts -> contexts.add(new PresentationContext(1, TestPeer.VERIFICATION, List.of(TestPeer.IMPLICIT))),
                UserInformation.of(16384).withUserIdentity(identity));
    }

    private static UserIdentity identity(UserIdentity.Kind kind, boolean answerWanted, String primary) {
        return new UserIdentity(kind, answerWanted, primary.getBytes(UTF_8), "ü:".getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void carriesEachKindThrough(UserIdentity.Kind kind) throws Exception {
        try (Association association = associate(identity(kind, true, "ticket"))) {
            assertThat(new ServiceUser(association).echo().isSuccess()).isTrue();
            assertThat(association.peer().userIdentityAnswer()).isEqualTo("server".getBytes(UTF_8));
            assertThat(association.user()).isNull();
        }
        assertThat(seen.get(0).kind()).isEqualTo(kind);
        assertThat(text(seen.get(0).secondary())).isEqualTo("ü:");
        assertThat(server.opened.get(0).user()).isEqualTo("ticketed");
    }

    @Test
    void answersWhereThatIsWantedOnly() throws Exception {
        UserIdentity.Kind kind = UserIdentity.Kind.USERNAME_AND_PASSCODE;
        try (Association wants = associate(identity(kind, true, "jane"));
                Association doesNot = associate(identity(kind, false, "jane"))) {
            assertThat(wants.peer().userIdentityAnswer()).isEmpty();
            assertThat(doesNot.peer().userIdentityAnswer()).isNull();
        }
        assertThat(server.opened).extracting(Association::user).containsExactly("CLIENT/true", "CLIENT/true");
    }

    @Test
    void rejectsWhomItDoesNotKnow() {
        assertThatThrownBy(() -> associate(identity(UserIdentity.Kind.USERNAME, true, "mallory")))
                .isInstanceOfSatisfying(AssociationRejectedException.class, e -> assertThat(e.isTransient())
                        .isFalse());
        assertThat(server.rejected).containsExactly(new Pdu.AssociateReject(1, 2, 1));
        assertThat(server.opened).isEmpty();
    }

    @Test
    void rejectsForNowWhereItCannotTell() {
        assertThatThrownBy(() -> associate(identity(UserIdentity.Kind.USERNAME, true, "broken")))
                .isInstanceOfSatisfying(AssociationRejectedException.class, e -> assertThat(e.isTransient())
                        .isTrue());
        assertThat(server.rejected).containsExactly(new Pdu.AssociateReject(2, 2, 1));
        assertThat(server.opened).isEmpty();
    }
}
