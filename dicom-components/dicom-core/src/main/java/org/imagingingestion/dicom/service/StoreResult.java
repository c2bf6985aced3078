package org.imagingingestion.dicom.service;

import java.util.List;

import org.imagingingestion.dicom.DicomStatus;

/**
 * What became of instances that were sent to another system, one by one (PS3.18 §10.5.3).
 *
 * @param instances in the order they were sent
 */
public record StoreResult(List<Instance> instances) {
    public StoreResult {
        instances = List.copyOf(instances);
    }

    /**
     * One of them.
     *
     * @param sopClassUID {@code null} where what was to be sent could not be read so far
     * @param sopInstanceUID {@code null} where what was to be sent could not be read so far
     * @param stored whether the other system has it
     * @param reason Warning Reason (0008,1196) where it is stored, Failure Reason (0008,1197) where it is not; 0 for none
     * @param retrieveUrl where it can be had, {@code null} where that is not said
     */
    public record Instance(String sopClassUID, String sopInstanceUID, boolean stored, int reason, String retrieveUrl) {
        /** The outcome, as the reason has it. */
        public DicomStatus status() {
            DicomStatus status = DicomStatus.ofCode(reason);
            if (stored == status.isFailure() || !stored && status == DicomStatus.SUCCESS) {
                return stored ? DicomStatus.SUCCESS : DicomStatus.PROCESSING_FAILURE;
            }
            return status;
        }
    }

    /** Those that the other system does not have. */
    public List<Instance> failed() {
        return instances.stream().filter(instance -> !instance.stored()).toList();
    }

    /** Whether the other system has all of them. */
    public boolean isComplete() {
        return instances.stream().allMatch(Instance::stored);
    }
}
