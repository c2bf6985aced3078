package org.imagingingestion.camel.dimse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.StoreResult;

/** What became of instances that were sent one after the other. */
final class StoreOutcomes {
    private final List<StoreResult.Instance> results = new ArrayList<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private Exception first;

    void stored(KeptInstance instance, DimseStatus status) {
        results.add(result(instance, true, status));
        stored.add(instance.sopInstanceUID());
    }

    /** Whether an instance of that UID was among them, and is stored. */
    boolean isStored(KeptInstance instance) {
        return stored.contains(instance.sopInstanceUID());
    }

    /** @param instance {@code null} where it cannot be told which it was to be */
    void failed(KeptInstance instance, Exception failure) {
        Exception problem = known(failure);
        results.add(result(instance, false, status(problem)));
        first = first == null ? problem : first;
        if (instance != null) {
            refused.add(instance.sopInstanceUID());
        }
    }

    /** What it means, which may be told by a cause: another system refuses what it is to be read from, say. */
    private static Exception known(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DicomException dicom) {
                return dicom;
            }
        }
        return failure;
    }

    private static DimseStatus status(Exception problem) {
        if (problem instanceof FailedStatusException refusal) {
            return refusal.answer();
        }
        return problem instanceof DicomException dicom
                ? DimseStatus.of(dicom)
                : DimseStatus.of(DicomStatus.PROCESSING_FAILURE);
    }

    private static StoreResult.Instance result(KeptInstance instance, boolean isStored, DimseStatus status) {
        return new StoreResult.Instance(
                instance == null || !instance.isDescribed() ? null : instance.sopClassUID(),
                instance == null ? null : instance.sopInstanceUID(),
                isStored,
                status.code(),
                null);
    }

    /** In the order in which they were sent; what could not be read comes first. */
    StoreResult result() {
        return new StoreResult(results);
    }

    /**
     * Ends with the first failure where there is one.
     *
     * @param sent how many were to be sent
     */
    void demandComplete(int sent) throws DicomException {
        if (first != null) {
            stored.removeAll(refused);
            throw new StoreIncompleteException(first, sent, stored);
        }
    }
}
