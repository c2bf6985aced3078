package org.imagingingestion.camel.manifest;

import org.apache.camel.spi.Metadata;

/** Headers of the component. */
public final class DicomManifestConstants {
    @Metadata(
            description =
                    "The provider whose statistics, orphans or disagreements are asked for, in place of the option.",
            javaType = "String")
    public static final String PROVIDER = "CamelDicomManifestProvider";

    @Metadata(
            description = "What was done with the instance: ADDED, UNCHANGED, KEPT_FIRST, REPLACED or REFUSED.",
            javaType = "String")
    public static final String OUTCOME = "CamelDicomManifestOutcome";

    private DicomManifestConstants() {}
}
