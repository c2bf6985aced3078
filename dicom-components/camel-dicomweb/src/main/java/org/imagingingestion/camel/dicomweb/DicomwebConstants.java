package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.Metadata;

/** Headers of exchanges that the producers read and write; no other header goes to or comes from the server. */
public final class DicomwebConstants {
    @Metadata(
            label = "producer",
            javaType = "String",
            applicableFor = "stow",
            description = "Study Instance UID of the only study that the server is to take instances of")
    public static final String STUDY_INSTANCE_UID = "CamelDicomwebStudyInstanceUID";

    @Metadata(
            label = "producer",
            javaType = "Integer",
            description = "HTTP status of the server's answer, that of the last request where there were several")
    public static final String HTTP_STATUS = "CamelDicomwebHttpStatus";

    @Metadata(
            label = "producer",
            javaType = "String",
            applicableFor = {"qido", "wado"},
            description = "Warning header of the server's answer, that of the first page of a search")
    public static final String WARNING = "CamelDicomwebWarning";

    private DicomwebConstants() {}
}
