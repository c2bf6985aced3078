package org.imagingingestion.camel.manifest;

import java.time.Instant;

/**
 * An attribute that an instance says differently from its study, series or patient.
 *
 * @param seriesInstanceUID empty where the attribute is not the series'
 * @param sopInstanceUID of the instance that differed
 * @param tag of the attribute
 * @param inForce DICOM JSON of the attribute, as it counts
 * @param other DICOM JSON of the attribute, as it does not count
 * @param seenAt when it was seen first
 */
public record AttributeDisagreement(
        String studyInstanceUID,
        String seriesInstanceUID,
        String sopInstanceUID,
        int tag,
        String inForce,
        String other,
        Instant seenAt) {}
