package org.imagingingestion.camel.fhir;

import java.time.ZoneId;
import java.util.Map;

import org.imagingingestion.dicom.event.StudyRevisionEvent;

/**
 * What may be set of how a study becomes resources.
 *
 * @param imagingStudyEndpoint address of WADO-RS, {@code null} for that of the event
 * @param patientSystem system of patients without an issuer, {@code null} for one of the storage space
 * @param issuerSystems systems of patients by their issuer
 * @param accessionSystem system of accession numbers without an issuer, {@code null} for none
 * @param deletedStatus of a study without instances
 * @param zone of studies that do not say theirs, {@code null} for none
 */
record Mapping(
        String imagingStudyEndpoint,
        boolean createPatient,
        String patientSystem,
        Map<String, String> issuerSystems,
        String accessionSystem,
        String deletedStatus,
        ZoneId zone,
        int maximumInstances) {

    private static final String STUDIES = "/studies/";

    /** The address of WADO-RS that has the study, {@code null} where there is none. */
    String address(StudyRevisionEvent.Study study) {
        if (imagingStudyEndpoint != null) {
            return imagingStudyEndpoint;
        }
        return study.series().stream()
                .map(StudyRevisionEvent.Series::endpoint)
                .filter(endpoint -> endpoint != null && endpoint.contains(STUDIES))
                .map(endpoint -> endpoint.substring(0, endpoint.lastIndexOf(STUDIES)))
                .findFirst()
                .orElse(null);
    }
}
