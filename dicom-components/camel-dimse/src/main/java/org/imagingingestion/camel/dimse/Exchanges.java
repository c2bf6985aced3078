package org.imagingingestion.camel.dimse;

import org.apache.camel.Message;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a route about the request that it works on. */
final class Exchanges {
    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    private Exchanges() {}

    static void describe(Message message, Association association, org.imagingingestion.dicom.net.Message request) {
        Command command = request.command();
        message.setHeader(DimseConstants.COMMAND, command.field().toString());
        message.setHeader(DimseConstants.CALLING_AE_TITLE, association.callingAETitle());
        message.setHeader(DimseConstants.ASSOCIATION, association.id());
        message.setHeader(DimseConstants.CALLED_AE_TITLE, association.calledAETitle());
        message.setHeader(
                DimseConstants.REMOTE_ADDRESS, association.remoteAddress().getHostAddress());
        set(message, DimseConstants.USER_NAME, association.user());
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

    /** What the exception that a route ended with means to a peer. */
    static DicomException meaning(Exception problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomException dicom) {
                if (dicom.status() == DicomStatus.OUT_OF_RESOURCES) {
                    LOG.warn("A request is not carried out: {}", dicom.getMessage());
                }
                return dicom;
            }
        }
        LOG.error("A request is not carried out: {}", problem.getClass().getName());
        LOG.debug("The failure", problem);
        return new DicomException(DicomStatus.PROCESSING_FAILURE, "The request could not be worked on", problem);
    }
}
