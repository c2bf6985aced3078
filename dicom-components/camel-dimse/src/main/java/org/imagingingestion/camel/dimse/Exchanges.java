package org.imagingingestion.camel.dimse;

import org.apache.camel.Message;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;

/** Tells a route about the request that it works on. */
final class Exchanges {
    private Exchanges() {}

    static void describe(Message message, Association association, org.imagingingestion.dicom.net.Message request) {
        Command command = request.command();
        message.setHeader(DimseConstants.COMMAND, command.field().toString());
        message.setHeader(DimseConstants.CALLING_AE_TITLE, association.callingAETitle());
        message.setHeader(DimseConstants.CALLED_AE_TITLE, association.calledAETitle());
        message.setHeader(
                DimseConstants.REMOTE_ADDRESS, association.remoteAddress().getHostAddress());
        message.setHeader(DimseConstants.SOP_CLASS_UID, request.context().abstractSyntax());
        message.setHeader(DimseConstants.TRANSFER_SYNTAX_UID, request.context().transferSyntax());
        message.setHeader(DimseConstants.MESSAGE_ID, command.messageID());
        set(message, DimseConstants.SOP_INSTANCE_UID, command.sopInstanceUID());
        set(message, DimseConstants.MOVE_DESTINATION, command.elements().string(Tag.MoveDestination));
        set(
                message,
                DimseConstants.MOVE_ORIGINATOR,
                command.elements().string(Tag.MoveOriginatorApplicationEntityTitle));
    }

    private static void set(Message message, String name, String value) {
        if (value != null) {
            message.setHeader(name, value);
        }
    }
}
