package org.imagingingestion.camel.dimse;

import java.util.Set;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.imagingingestion.dicom.service.PartialFailure;

/** Not all of several instances were stored; the status and the cause are those of the first that was not. */
public final class StoreIncompleteException extends DicomException implements PartialFailure {
    private static final long serialVersionUID = 1L;

    private final transient Set<String> taken;

    StoreIncompleteException(Exception first, int sent, Set<String> taken) {
        super(status(first), "Of " + sent + " instances " + taken.size() + " are stored" + reason(first), first);
        this.taken = Set.copyOf(taken);
    }

    /** What cannot be reached now may be reached later. */
    private static DicomStatus status(Exception problem) {
        if (DeliveryFailure.of(problem).isOutage()) {
            return DicomStatus.OUT_OF_RESOURCES;
        }
        return problem instanceof DicomException dicom ? dicom.status() : DicomStatus.PROCESSING_FAILURE;
    }

    /** Messages of others may quote anything. */
    private static String reason(Exception problem) {
        boolean isOurs = problem instanceof DicomException
                || problem.getClass().getName().startsWith("org.imagingingestion.");
        return ": " + (isOurs ? problem.getMessage() : problem.getClass().getSimpleName());
    }

    @Override
    public boolean isFinal() {
        return getCause() instanceof DicomException cause ? cause.isFinal() : super.isFinal();
    }

    @Override
    public Set<String> taken() {
        return taken;
    }
}
