package org.imagingingestion.camel.manifest;

/**
 * What the manifest knows of an instance before it is written.
 *
 * @param study id of its study, 0 where that is new
 * @param series id of its series, 0 where that is new
 * @param isMergedInStudy whether the study has what the instance says of it, or has seen it and says otherwise
 * @param isLastOfStudy whether that was merged last
 * @param isMergedInSeries likewise of the series
 * @param isLastOfSeries likewise of the series
 * @param sha256 digest of the object in force under its SOP Instance UID, {@code null} where there is none
 * @param objectName of that object
 */
record KnownInstance(
        long study,
        long series,
        boolean isMergedInStudy,
        boolean isLastOfStudy,
        boolean isMergedInSeries,
        boolean isLastOfSeries,
        byte[] sha256,
        String objectName) {}
