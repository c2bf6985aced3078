package org.imagingingestion.camel.manifest;

import java.time.Instant;

/**
 * Sums of what the manifest has of a provider.
 *
 * @param patients that have a Patient ID
 * @param instances in force
 * @param keptVersions other bytes kept beside instances in force
 * @param bytes of the instances in force
 * @param disagreements values of attributes that instances say differently from their study or series, and are kept visible
 * @param latest when an instance was recorded or deleted last, {@code null} where none ever was
 */
public record ManifestStatistics(
        long patients,
        long studies,
        long series,
        long instances,
        long keptVersions,
        long bytes,
        long disagreements,
        Instant latest) {}
