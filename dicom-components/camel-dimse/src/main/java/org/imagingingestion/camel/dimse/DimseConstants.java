package org.imagingingestion.camel.dimse;

import org.apache.camel.spi.Metadata;
import org.imagingingestion.dicom.service.ServiceHeaders;

/** Headers of messages. */
public final class DimseConstants {
    @Metadata(
            label = "consumer",
            description = "The operation that was asked for: C-STORE, C-FIND, C-MOVE, C-GET or N-ACTION",
            javaType = "String")
    public static final String COMMAND = "CamelDimseCommand";

    @Metadata(
            label = "consumer",
            description = "What the association is known by in logs and traces",
            javaType = "String")
    public static final String ASSOCIATION = "CamelDimseAssociation";

    @Metadata(label = "consumer", description = "AE title of the peer", javaType = "String")
    public static final String CALLING_AE_TITLE = ServiceHeaders.CALLING_AE_TITLE;

    @Metadata(label = "consumer", description = "AE title that the peer called", javaType = "String")
    public static final String CALLED_AE_TITLE = "CamelDimseCalledAETitle";

    @Metadata(label = "consumer", description = "Address of the peer", javaType = "String")
    public static final String REMOTE_ADDRESS = "CamelDimseRemoteAddress";

    @Metadata(
            label = "consumer",
            description = "Name of the peer's user, where users are verified and it has given one",
            javaType = "String")
    public static final String USER_NAME = "CamelDimseUserName";

    @Metadata(description = "Affected or Requested SOP Class UID", javaType = "String")
    public static final String SOP_CLASS_UID = "CamelDimseSOPClassUID";

    @Metadata(description = "Affected or Requested SOP Instance UID", javaType = "String")
    public static final String SOP_INSTANCE_UID = "CamelDimseSOPInstanceUID";

    @Metadata(
            label = "consumer",
            description = "Transfer syntax that was agreed on for the message",
            javaType = "String")
    public static final String TRANSFER_SYNTAX_UID = "CamelDimseTransferSyntaxUID";

    @Metadata(label = "consumer", description = "Message ID of the request", javaType = "Integer")
    public static final String MESSAGE_ID = "CamelDimseMessageID";

    @Metadata(
            description = "AE title that a C-MOVE sends the instances to, or that a C-STORE is sent for",
            javaType = "String")
    public static final String MOVE_DESTINATION = "CamelDimseMoveDestination";

    @Metadata(
            label = "consumer",
            description = "AE title of who asked for the C-MOVE that a C-STORE is part of",
            javaType = "String")
    public static final String MOVE_ORIGINATOR = "CamelDimseMoveOriginatorAETitle";

    @Metadata(
            label = "producer",
            description = "Status of the operation, which is no failure: 0 is success",
            javaType = "Integer")
    public static final String STATUS = "CamelDimseStatus";

    private DimseConstants() {}
}
