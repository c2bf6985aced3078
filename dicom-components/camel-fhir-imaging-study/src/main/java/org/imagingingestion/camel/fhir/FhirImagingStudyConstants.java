package org.imagingingestion.camel.fhir;

import org.apache.camel.spi.Metadata;

/** Headers of messages. */
public final class FhirImagingStudyConstants {
    @Metadata(
            label = "producer",
            description =
                    "What became of the revision: CREATED, UPDATED, or UNCHANGED where the server had it already, or a later one",
            javaType = "org.imagingingestion.camel.fhir.Outcome")
    public static final String OUTCOME = "CamelFhirImagingStudyOutcome";

    private FhirImagingStudyConstants() {}
}
