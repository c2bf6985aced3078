package org.imagingingestion.camel.dicomweb;

import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.Retrieval;

/**
 * The UIDs in {@code studies/{study}/series/{series}/instances/{instance}} (PS3.18 §10.1.1).
 *
 * @param series {@code null} where the path ends before
 * @param instance {@code null} where the path ends before
 */
record InstancePath(String study, String series, String instance) {
    /**
     * Reads a path.
     *
     * @throws DicomException where one is not a UID, saying which
     */
    static InstancePath of(List<String> path) throws DicomException {
        return new InstancePath(uid(path, "studies", 0), uid(path, "series", 2), uid(path, "instances", 4));
    }

    private static String uid(List<String> path, String resource, int at) throws DicomException {
        if (path.size() < at + 2 || !path.get(at).equals(resource)) {
            return null;
        }
        String uid = path.get(at + 1);
        if (!UIDs.isLenient(uid)) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE,
                    "What follows " + resource + "/ in the path is not a UID: up to 64 digits and dots");
        }
        return uid;
    }

    Retrieval retrieval(String provider, Retrieval.Content content) {
        return new Retrieval(provider, study, series, instance, content);
    }

    /** Address of the resource, relative to the service. */
    static String of(String study, String series, String instance) {
        return "/studies/" + study + "/series/" + series + "/instances/" + instance;
    }
}
