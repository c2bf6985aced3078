package org.imagingingestion.dicom.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads PDUs other than P-DATA-TF from their bytes (PS3.8 §9.3). Items that are not known are passed over, as the standard
 * demands (§9.3.1).
 */
final class PduDecoder {
    private static final int MOST_CONTEXTS = 128;
    private static final int MOST_TRANSFER_SYNTAXES = 100;
    private static final int MOST_NEGOTIATIONS = 2000;

    private final ByteBuffer in;

    private PduDecoder(ByteBuffer in) {
        this.in = in;
    }

    /**
     * Reads what follows the header of a PDU.
     *
     * @throws PduException where it is not what its type says
     */
    static Pdu decode(int type, byte[] body) throws PduException {
        PduDecoder decoder = new PduDecoder(ByteBuffer.wrap(body));
        return switch (type) {
            case PduType.ASSOCIATE_RQ -> decoder.associateRequest();
            case PduType.ASSOCIATE_AC -> decoder.associateAccept();
            case PduType.ASSOCIATE_RJ -> {
                decoder.require(4);
                decoder.in.get();
                yield new Pdu.AssociateReject(decoder.uint8(), decoder.uint8(), decoder.uint8());
            }
            case PduType.RELEASE_RQ -> new Pdu.ReleaseRequest();
            case PduType.RELEASE_RP -> new Pdu.ReleaseResponse();
            case PduType.ABORT -> {
                decoder.require(4);
                decoder.in.getShort();
                yield new Pdu.Abort(decoder.uint8(), decoder.uint8());
            }
            default -> throw new PduException(
                    Pdu.Abort.UNRECOGNIZED_PDU, String.format("There is no PDU of type %02XH", type));
        };
    }

    private Pdu associateRequest() throws PduException {
        Start start = start();
        if (!start.isOfKnownVersion()) {
            // what follows the titles may have another form
            return new Pdu.AssociateRequest(
                    start.versions, start.called, start.calling, "", List.of(), UserInformation.of(0));
        }
        String applicationContext = null;
        List<PresentationContext> contexts = new ArrayList<>();
        UserInformation user = null;
        for (Item item = item(); item != null; item = item()) {
            switch (item.type) {
                case PduType.APPLICATION_CONTEXT -> applicationContext = item.content.rest();
                case PduType.PRESENTATION_CONTEXT_RQ -> {
                    limit(contexts, MOST_CONTEXTS, "presentation contexts");
                    contexts.add(item.content.presentationContext());
                }
                case PduType.USER_INFORMATION -> user = item.content.userInformation();
                default -> {
                    // not for us
                }
            }
        }
        return new Pdu.AssociateRequest(
                start.versions, start.called, start.calling, present(applicationContext), contexts, present(user));
    }

    private Pdu associateAccept() throws PduException {
        Start start = start();
        if (!start.isOfKnownVersion()) {
            throw new PduException(Pdu.Abort.INVALID_PARAMETER_VALUE, "Protocol version 1 is not accepted");
        }
        String applicationContext = null;
        List<PresentationContext.Answer> contexts = new ArrayList<>();
        UserInformation user = null;
        for (Item item = item(); item != null; item = item()) {
            switch (item.type) {
                case PduType.APPLICATION_CONTEXT -> applicationContext = item.content.rest();
                case PduType.PRESENTATION_CONTEXT_AC -> {
                    limit(contexts, MOST_CONTEXTS, "presentation contexts");
                    contexts.add(item.content.answer());
                }
                case PduType.USER_INFORMATION -> user = item.content.userInformation();
                default -> {
                    // not for us
                }
            }
        }
        return new Pdu.AssociateAccept(
                start.called, start.calling, present(applicationContext), contexts, present(user));
    }

    private record Start(int versions, String called, String calling) {
        boolean isOfKnownVersion() {
            return (versions & Pdu.PROTOCOL_VERSION) != 0;
        }
    }

    private Start start() throws PduException {
        require(68);
        int versions = uint16();
        in.getShort();
        String called = text(AETitle.LENGTH);
        String calling = text(AETitle.LENGTH);
        in.position(in.position() + 32);
        return new Start(versions, called, calling);
    }

    private PresentationContext presentationContext() throws PduException {
        require(4);
        int id = uint8();
        in.position(in.position() + 3);
        String abstractSyntax = null;
        List<String> transferSyntaxes = new ArrayList<>();
        for (Item item = item(); item != null; item = item()) {
            if (item.type == PduType.ABSTRACT_SYNTAX) {
                abstractSyntax = item.content.uid();
            } else if (item.type == PduType.TRANSFER_SYNTAX) {
                limit(transferSyntaxes, MOST_TRANSFER_SYNTAXES, "transfer syntaxes");
                transferSyntaxes.add(item.content.uid());
            }
        }
        if ((id & 1) == 0) {
            throw new PduException(
                    Pdu.Abort.INVALID_PARAMETER_VALUE, "Presentation context " + id + " is not an odd number");
        }
        return new PresentationContext(id, present(abstractSyntax), transferSyntaxes);
    }

    private PresentationContext.Answer answer() throws PduException {
        require(4);
        int id = uint8();
        in.get();
        int result = uint8();
        in.get();
        String transferSyntax = "";
        for (Item item = item(); item != null; item = item()) {
            if (item.type == PduType.TRANSFER_SYNTAX) {
                transferSyntax = item.content.uid();
            }
        }
        PresentationContext.Result[] results = PresentationContext.Result.values();
        return new PresentationContext.Answer(
                id, result < results.length ? results[result] : PresentationContext.Result.NO_REASON, transferSyntax);
    }

    private UserInformation userInformation() throws PduException {
        int maximumLength = 0;
        String implementationClassUID = "";
        String implementationVersionName = null;
        UserInformation.Window window = null;
        List<UserInformation.RoleSelection> roles = new ArrayList<>();
        List<UserInformation.ExtendedNegotiation> extended = new ArrayList<>();
        List<UserInformation.CommonExtendedNegotiation> common = new ArrayList<>();
        UserInformation.UserIdentity identity = null;
        byte[] identityAnswer = null;
        for (Item item = item(); item != null; item = item()) {
            PduDecoder content = item.content;
            switch (item.type) {
                case PduType.MAXIMUM_LENGTH -> {
                    content.require(4);
                    // what does not fit in 31 bits is as good as unlimited
                    maximumLength = Math.max(0, content.in.getInt());
                }
                case PduType.IMPLEMENTATION_CLASS_UID -> implementationClassUID = content.uid();
                case PduType.IMPLEMENTATION_VERSION_NAME -> implementationVersionName = content.rest();
                case PduType.ASYNCHRONOUS_OPERATIONS_WINDOW -> {
                    content.require(4);
                    window = new UserInformation.Window(content.uint16(), content.uint16());
                }
                case PduType.ROLE_SELECTION -> {
                    limit(roles, MOST_NEGOTIATIONS, "role selections");
                    String uid = content.countedUid();
                    content.require(2);
                    roles.add(new UserInformation.RoleSelection(uid, content.uint8() == 1, content.uint8() == 1));
                }
                case PduType.EXTENDED_NEGOTIATION -> {
                    limit(extended, MOST_NEGOTIATIONS, "extended negotiations");
                    extended.add(new UserInformation.ExtendedNegotiation(
                            content.countedUid(), content.bytes(content.in.remaining())));
                }
                case PduType.COMMON_EXTENDED_NEGOTIATION -> {
                    limit(common, MOST_NEGOTIATIONS, "common extended negotiations");
                    common.add(content.commonExtended());
                }
                case PduType.USER_IDENTITY_RQ -> identity = content.userIdentity();
                case PduType.USER_IDENTITY_AC -> identityAnswer = content.counted();
                default -> {
                    // not for us
                }
            }
        }
        return new UserInformation(
                maximumLength,
                implementationClassUID,
                implementationVersionName,
                window,
                roles,
                extended,
                common,
                identity,
                identityAnswer);
    }

    private UserInformation.CommonExtendedNegotiation commonExtended() throws PduException {
        String sopClass = countedUid();
        String serviceClass = countedUid();
        PduDecoder related = new PduDecoder(ByteBuffer.wrap(in.hasRemaining() ? counted() : new byte[0]));
        List<String> general = new ArrayList<>();
        while (related.in.hasRemaining()) {
            limit(general, MOST_NEGOTIATIONS, "related general SOP classes");
            general.add(related.countedUid());
        }
        return new UserInformation.CommonExtendedNegotiation(sopClass, serviceClass, general);
    }

    /** @return {@code null} where it is of a kind that the standard does not have, which is as if none was given */
    private UserInformation.UserIdentity userIdentity() throws PduException {
        require(2);
        UserInformation.UserIdentity.Kind kind = UserInformation.UserIdentity.Kind.of(uint8());
        boolean answerWanted = uint8() == 1;
        byte[] primary = counted();
        byte[] secondary = in.hasRemaining() ? counted() : new byte[0];
        return kind == null ? null : new UserInformation.UserIdentity(kind, answerWanted, primary, secondary);
    }

    private record Item(int type, PduDecoder content) {}

    /** The next item, {@code null} at the end. */
    private Item item() throws PduException {
        if (!in.hasRemaining()) {
            return null;
        }
        require(4);
        int type = uint8();
        in.get();
        int length = uint16();
        require(length);
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return new Item(type, new PduDecoder(content));
    }

    private static <T> T present(T item) throws PduException {
        if (item == null) {
            throw new PduException(
                    Pdu.Abort.INVALID_PARAMETER_VALUE, "An item that every PDU of the type has is missing");
        }
        return item;
    }

    private static void limit(List<?> list, int most, String what) throws PduException {
        if (list.size() == most) {
            throw new PduException(Pdu.Abort.INVALID_PARAMETER_VALUE, "More than " + most + ' ' + what);
        }
    }

    private void require(int bytes) throws PduException {
        if (in.remaining() < bytes) {
            throw new PduException(
                    Pdu.Abort.INVALID_PARAMETER_VALUE,
                    "An item of " + bytes + " bytes where " + in.remaining() + " are left");
        }
    }

    private byte[] counted() throws PduException {
        require(2);
        return bytes(uint16());
    }

    private String countedUid() throws PduException {
        return trimmed(counted());
    }

    private String uid() {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return trimmed(bytes);
    }

    /** Without spaces and NULs at either end, where they have no meaning (PS3.8 §9.3.2) or no place (§9.3.2.2.1). */
    private static String trimmed(byte[] bytes) {
        int start = 0;
        int end = bytes.length;
        while (end > start && isPadding(bytes[end - 1])) {
            end--;
        }
        while (start < end && isPadding(bytes[start])) {
            start++;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean isPadding(byte b) {
        return b == 0 || b == ' ';
    }

    private String rest() {
        return text(in.remaining());
    }

    private String text(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return trimmed(bytes);
    }

    private byte[] bytes(int length) throws PduException {
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private int uint8() {
        return in.get() & 0xFF;
    }

    private int uint16() {
        return in.getShort() & 0xFFFF;
    }
}
