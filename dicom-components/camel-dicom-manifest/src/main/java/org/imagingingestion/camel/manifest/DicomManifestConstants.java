package org.imagingingestion.camel.manifest;

import org.apache.camel.spi.Metadata;

/** Headers of the component. */
public final class DicomManifestConstants {
    @Metadata(
            description = "The provider whose statistics or disagreements are asked for, in place of the option.",
            javaType = "String")
    public static final String PROVIDER = "CamelDicomManifestProvider";

    @Metadata(
            description = "What was done with the instance: ADDED, UNCHANGED, KEPT_FIRST, REPLACED or REFUSED.",
            javaType = "String")
    public static final String OUTCOME = "CamelDicomManifestOutcome";

    @Metadata(
            description =
                    "The subscription whose events are replayed, whose dead letters are listed or that is removed, in"
                            + " place of the option.",
            javaType = "String")
    public static final String SUBSCRIPTION = "CamelDicomManifestSubscription";

    @Metadata(description = "The study of an event, or the one whose events are replayed.", javaType = "String")
    public static final String STUDY_INSTANCE_UID = "CamelDicomManifestStudyInstanceUID";

    @Metadata(
            description = "Events are replayed that happened since then, in ISO 8601 such as 2026-11-21T08:00:00Z.",
            javaType = "String")
    public static final String FROM = "CamelDicomManifestFrom";

    @Metadata(description = "Events are replayed that happened before, in ISO 8601.", javaType = "String")
    public static final String TO = "CamelDicomManifestTo";

    @Metadata(
            description = "(consumer) Events of one key come in their order: the provider and the study.",
            javaType = "String")
    public static final String PARTITION_KEY = "CamelCloudEventPartitionKey";

    @Metadata(
            description = "(consumer) How often the event was given to the route before, in vain.",
            javaType = "Integer")
    public static final String ATTEMPTS = "CamelDicomManifestAttempts";

    @Metadata(description = "The W3C trace context of an instance to be recorded, or of an event.", javaType = "String")
    public static final String TRACEPARENT = "traceparent";

    private DicomManifestConstants() {}
}
