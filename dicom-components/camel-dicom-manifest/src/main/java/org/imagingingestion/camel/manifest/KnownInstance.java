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
 * @param receipt what has become of the very object that is to be written
 */
record KnownInstance(
        long study,
        long series,
        boolean isMergedInStudy,
        boolean isLastOfStudy,
        boolean isMergedInSeries,
        boolean isLastOfSeries,
        byte[] sha256,
        String objectName,
        Receipt receipt) {
    /** What has become of an object that an instance is to be recorded with. */
    enum Receipt {
        NEW,
        /** Its instance was deleted; it stays until its time is over. */
        REMOVED,
        /** It was not needed, as there was another one of the same bytes. */
        GIVEN_UP;

        /** @param name {@code null} for a new one */
        static Receipt of(String name) {
            return name == null ? NEW : valueOf(name);
        }
    }
}
