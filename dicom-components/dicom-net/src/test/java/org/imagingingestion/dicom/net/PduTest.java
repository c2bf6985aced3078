package org.imagingingestion.dicom.net;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PduTest {
    private static Pdu decode(byte[] pdu) throws PduException {
        return PduDecoder.decode(pdu[0], Arrays.copyOfRange(pdu, 6, pdu.length));
    }

    @Example
    void writesAnAssociateRequestAsTheStandardDoes() {
        byte[] written = PduEncoder.encode(new Pdu.AssociateRequest(
                "SERVER",
                "PEER",
                List.of(new PresentationContext(1, TestPeer.VERIFICATION, List.of(TestPeer.IMPLICIT))),
                new UserInformation(16384, "1.2.3.4", "PEER", null, List.of(), List.of(), List.of(), null, null)));

        assertThat(written).isEqualTo(TestPeer.associateRequest("SERVER", "PEER", TestPeer.VERIFICATION));
    }

    @Example
    void writesShortPDUsAsTheStandardDoes() {
        assertThat(hex(Pdu.AssociateReject.LOCAL_LIMIT_EXCEEDED)).isEqualTo("03000000000400020302");
        assertThat(hex(new Pdu.ReleaseRequest())).isEqualTo("05000000000400000000");
        assertThat(hex(new Pdu.ReleaseResponse())).isEqualTo("06000000000400000000");
        assertThat(hex(new Pdu.Abort(2, 6))).isEqualTo("07000000000400000206");
    }

    private static String hex(Pdu pdu) {
        return HexFormat.of().formatHex(PduEncoder.encode(pdu));
    }

    @Example
    void takesPaddedUIDs() throws PduException {
        byte[] body = TestPeer.join(
                new byte[] {0, 1, 0, 0},
                TestPeer.ascii("  SERVER        "),
                TestPeer.ascii("PEER            "),
                new byte[32],
                TestPeer.item(0x10, TestPeer.ascii("1.2.840.10008.3.1.1.1\0")),
                TestPeer.item(
                        0x20,
                        TestPeer.join(
                                new byte[] {1, 0, 0, 0},
                                TestPeer.item(0x30, TestPeer.ascii("1.2.840.10008.1.1\0")),
                                TestPeer.item(0x40, TestPeer.ascii("1.2.840.10008.1.2 ")))),
                TestPeer.item(0x50, TestPeer.item(0x51, new byte[] {-1, -1, -1, -1})));

        Pdu.AssociateRequest request = (Pdu.AssociateRequest) PduDecoder.decode(1, body);

        assertThat(request.calledAETitle()).isEqualTo("SERVER");
        assertThat(request.presentationContexts())
                .containsExactly(new PresentationContext(1, TestPeer.VERIFICATION, List.of(TestPeer.IMPLICIT)));
        assertThat(request.userInformation().maximumLength()).isZero();
    }

    @Property(tries = 300)
    void readsWhatItWrites(@ForAll("requests") Pdu.AssociateRequest request) throws PduException {
        byte[] written = PduEncoder.encode(request);

        assertThat(PduEncoder.encode(decode(written))).isEqualTo(written);
        assertThat(((Pdu.AssociateRequest) decode(written)).presentationContexts())
                .isEqualTo(request.presentationContexts());
    }

    @Property(tries = 300)
    void neverFailsButByAPduException(
            @ForAll("requests") Pdu.AssociateRequest request, @ForAll int place, @ForAll byte value) {
        byte[] written = PduEncoder.encode(request);
        written[6 + Math.floorMod(place, written.length - 6)] = value;
        try {
            decode(written);
        } catch (PduException e) {
            assertThat(e.reason()).isBetween(1, 6);
        }
    }

    @Property(tries = 200)
    void saysThatAPduBreaksOff(@ForAll("requests") Pdu.AssociateRequest request, @ForAll int place) {
        byte[] written = PduEncoder.encode(request);
        byte[] part = Arrays.copyOf(written, 6 + Math.floorMod(place, written.length - 6));

        assertThatThrownBy(() -> decode(part)).isInstanceOf(PduException.class);
    }

    @Provide
    Arbitrary<Pdu.AssociateRequest> requests() {
        Arbitrary<String> uids =
                Arbitraries.strings().withChars("0123456789.").ofMinLength(1).ofMaxLength(64);
        Arbitrary<String> titles =
                Arbitraries.strings().withCharRange('A', 'Z').ofMinLength(1).ofMaxLength(16);
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        Arbitrary<PresentationContext> contexts = Combinators.combine(
                        Arbitraries.integers().between(0, 127),
                        uids,
                        uids.list().ofMinSize(1).ofMaxSize(5))
                .as((id, abstractSyntax, transfer) -> new PresentationContext(2 * id + 1, abstractSyntax, transfer));
        Arbitrary<UserInformation.Window> windows = Combinators.combine(
                        Arbitraries.integers().between(0, 65535),
                        Arbitraries.integers().between(0, 65535))
                .as(UserInformation.Window::new);
        Arbitrary<UserInformation.RoleSelection> roles = Combinators.combine(
                        uids, Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(UserInformation.RoleSelection::new);
        Arbitrary<UserInformation.ExtendedNegotiation> extended =
                Combinators.combine(uids, bytes).as(UserInformation.ExtendedNegotiation::new);
        Arbitrary<UserInformation.CommonExtendedNegotiation> common = Combinators.combine(
                        uids, uids, uids.list().ofMaxSize(3))
                .as(UserInformation.CommonExtendedNegotiation::new);
        Arbitrary<UserInformation.UserIdentity> identities = Combinators.combine(
                        Arbitraries.of(UserInformation.UserIdentity.Kind.class),
                        Arbitraries.of(true, false),
                        bytes,
                        bytes)
                .as(UserInformation.UserIdentity::new);
        Arbitrary<UserInformation> users = Combinators.combine(
                        Combinators.combine(
                                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                                        uids,
                                        titles.injectNull(0.3))
                                .as(Tuple::of),
                        windows.injectNull(0.3),
                        roles.list().ofMaxSize(4),
                        extended.list().ofMaxSize(4),
                        common.list().ofMaxSize(4),
                        identities.injectNull(0.3))
                .as((first, window, role, extend, commons, identity) -> new UserInformation(
                        first.get1(), first.get2(), first.get3(), window, role, extend, commons, identity, null));
        return Combinators.combine(titles, titles, uids, contexts.list().ofMaxSize(6), users)
                .as((called, calling, application, proposed, user) ->
                        new Pdu.AssociateRequest(1, called, calling, application, proposed, user));
    }
}
