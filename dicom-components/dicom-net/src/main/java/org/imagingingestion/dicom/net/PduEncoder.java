package org.imagingingestion.dicom.net;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes PDUs other than P-DATA-TF as bytes (PS3.8 §9.3). */
final class PduEncoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

    private PduEncoder() {}

    static byte[] encode(Pdu pdu) {
        PduEncoder body = new PduEncoder();
        int type = body.write(pdu);
        PduEncoder whole = new PduEncoder();
        whole.uint8(type);
        whole.uint8(0);
        whole.uint32(body.out.size());
        whole.out.writeBytes(body.out.toByteArray());
        return whole.out.toByteArray();
    }

    private int write(Pdu pdu) {
        if (pdu instanceof Pdu.AssociateRequest request) {
            start(
                    request.protocolVersions(),
                    request.calledAETitle(),
                    request.callingAETitle(),
                    request.applicationContext());
            for (PresentationContext context : request.presentationContexts()) {
                item(PduType.PRESENTATION_CONTEXT_RQ, contextItem(context));
            }
            item(PduType.USER_INFORMATION, userInformation(request.userInformation()));
            return PduType.ASSOCIATE_RQ;
        }
        if (pdu instanceof Pdu.AssociateAccept accept) {
            start(Pdu.PROTOCOL_VERSION, accept.calledAETitle(), accept.callingAETitle(), accept.applicationContext());
            for (PresentationContext.Answer answer : accept.presentationContexts()) {
                item(PduType.PRESENTATION_CONTEXT_AC, answerItem(answer));
            }
            item(PduType.USER_INFORMATION, userInformation(accept.userInformation()));
            return PduType.ASSOCIATE_AC;
        }
        if (pdu instanceof Pdu.AssociateReject reject) {
            uint8(0);
            uint8(reject.result());
            uint8(reject.source());
            uint8(reject.reason());
            return PduType.ASSOCIATE_RJ;
        }
        if (pdu instanceof Pdu.Abort abort) {
            uint16(0);
            uint8(abort.source());
            uint8(abort.reason());
            return PduType.ABORT;
        }
        if (pdu instanceof Pdu.Data) {
            throw new IllegalArgumentException("P-DATA-TF is not written as a whole");
        }
        uint32(0);
        return pdu instanceof Pdu.ReleaseRequest ? PduType.RELEASE_RQ : PduType.RELEASE_RP;
    }

    private void start(int protocolVersions, String calledAETitle, String callingAETitle, String applicationContext) {
        uint16(protocolVersions);
        uint16(0);
        aeTitle(calledAETitle);
        aeTitle(callingAETitle);
        out.writeBytes(new byte[32]);
        item(PduType.APPLICATION_CONTEXT, ascii(applicationContext));
    }

    private static byte[] contextItem(PresentationContext context) {
        PduEncoder item = new PduEncoder();
        item.uint8(context.id());
        item.uint8(0);
        item.uint16(0);
        item.item(PduType.ABSTRACT_SYNTAX, ascii(context.abstractSyntax()));
        for (String transferSyntax : context.transferSyntaxes()) {
            item.item(PduType.TRANSFER_SYNTAX, ascii(transferSyntax));
        }
        return item.out.toByteArray();
    }

    private static byte[] answerItem(PresentationContext.Answer answer) {
        PduEncoder item = new PduEncoder();
        item.uint8(answer.id());
        item.uint8(0);
        item.uint8(answer.result().ordinal());
        item.uint8(0);
        item.item(PduType.TRANSFER_SYNTAX, ascii(answer.transferSyntax()));
        return item.out.toByteArray();
    }

    private static byte[] userInformation(UserInformation user) {
        PduEncoder items = new PduEncoder();
        PduEncoder length = new PduEncoder();
        length.uint32(user.maximumLength());
        items.item(PduType.MAXIMUM_LENGTH, length.out.toByteArray());
        items.item(PduType.IMPLEMENTATION_CLASS_UID, ascii(user.implementationClassUID()));
        if (user.window() != null) {
            PduEncoder item = new PduEncoder();
            item.uint16(user.window().invoked());
            item.uint16(user.window().performed());
            items.item(PduType.ASYNCHRONOUS_OPERATIONS_WINDOW, item.out.toByteArray());
        }
        for (UserInformation.RoleSelection role : user.roles()) {
            PduEncoder item = new PduEncoder();
            item.counted(ascii(role.sopClassUID()));
            item.uint8(role.scu() ? 1 : 0);
            item.uint8(role.scp() ? 1 : 0);
            items.item(PduType.ROLE_SELECTION, item.out.toByteArray());
        }
        if (user.implementationVersionName() != null) {
            items.item(PduType.IMPLEMENTATION_VERSION_NAME, ascii(user.implementationVersionName()));
        }
        for (UserInformation.ExtendedNegotiation negotiation : user.extended()) {
            PduEncoder item = new PduEncoder();
            item.counted(ascii(negotiation.sopClassUID()));
            item.out.writeBytes(negotiation.information());
            items.item(PduType.EXTENDED_NEGOTIATION, item.out.toByteArray());
        }
        for (UserInformation.CommonExtendedNegotiation negotiation : user.commonExtended()) {
            items.item(PduType.COMMON_EXTENDED_NEGOTIATION, commonExtended(negotiation));
        }
        if (user.userIdentity() != null) {
            PduEncoder item = new PduEncoder();
            item.uint8(user.userIdentity().kind().code());
            item.uint8(user.userIdentity().answerWanted() ? 1 : 0);
            item.counted(user.userIdentity().primary());
            item.counted(user.userIdentity().secondary());
            items.item(PduType.USER_IDENTITY_RQ, item.out.toByteArray());
        }
        if (user.userIdentityAnswer() != null) {
            PduEncoder item = new PduEncoder();
            item.counted(user.userIdentityAnswer());
            items.item(PduType.USER_IDENTITY_AC, item.out.toByteArray());
        }
        return items.out.toByteArray();
    }

    private static byte[] commonExtended(UserInformation.CommonExtendedNegotiation negotiation) {
        PduEncoder related = new PduEncoder();
        negotiation.relatedGeneralSOPClassUIDs().forEach(uid -> related.counted(ascii(uid)));
        PduEncoder item = new PduEncoder();
        item.counted(ascii(negotiation.sopClassUID()));
        item.counted(ascii(negotiation.serviceClassUID()));
        item.counted(related.out.toByteArray());
        return item.out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void aeTitle(String title) {
        byte[] bytes = ascii(title);
        for (int i = 0; i < AETitle.LENGTH; i++) {
            uint8(i < bytes.length ? bytes[i] : ' ');
        }
    }

    private void item(int type, byte[] content) {
        uint8(type);
        uint8(0);
        counted(content);
    }

    private void counted(byte[] content) {
        if (content.length > 0xFFFF) {
            throw new IllegalArgumentException("An item of " + content.length + " bytes is too long for a PDU");
        }
        uint16(content.length);
        out.writeBytes(content);
    }

    private void uint8(int number) {
        out.write(number);
    }

    private void uint16(int number) {
        out.write(number >>> 8);
        out.write(number);
    }

    private void uint32(int number) {
        uint16(number >>> 16);
        uint16(number);
    }
}
