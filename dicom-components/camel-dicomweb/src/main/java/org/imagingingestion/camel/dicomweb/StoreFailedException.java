package org.imagingingestion.camel.dicomweb;

import java.util.HashSet;
import java.util.Set;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.PartialFailure;
import org.imagingingestion.dicom.service.StoreResult;

/** Instances that another system did not store. */
public class StoreFailedException extends DicomwebException implements PartialFailure {
    private static final long serialVersionUID = 1L;

    private final transient StoreResult result;

    private StoreFailedException(DicomStatus status, int httpStatus, String message, StoreResult result) {
        super(status, httpStatus, message);
        this.result = result;
    }

    @Override
    public Set<String> taken() {
        Set<String> taken = new HashSet<>();
        result.instances().forEach(instance -> {
            if (instance.stored()) {
                taken.add(instance.sopInstanceUID());
            }
        });
        result.failed().forEach(instance -> taken.remove(instance.sopInstanceUID()));
        return taken;
    }

    /** A request that failed as a whole. @param result of the instances up to there */
    static StoreFailedException of(DicomException problem, int httpStatus, StoreResult result) {
        StoreFailedException failure =
                new StoreFailedException(problem.status(), httpStatus, problem.getMessage(), result);
        failure.initCause(problem);
        return failure;
    }

    /** Instances that were refused; the first one has the status. @param httpStatus 0 where none was sent */
    static StoreFailedException of(StoreResult result, int httpStatus) {
        StoreResult.Instance first = result.failed().get(0);
        DicomStatus status = first.status();
        String what = result.instances().size() == 1
                ? "The instance is not stored"
                : result.failed().size() + " of " + result.instances().size() + " instances are not stored";
        String answer = httpStatus == 0 ? "" : ", the server answered " + httpStatus;
        return new StoreFailedException(
                status,
                httpStatus,
                String.format("%s%s: %s (%04XH)", what, answer, status.meaning(), first.reason()),
                result);
    }

    /** What became of the instances that were sent, and of those that could not be. */
    public StoreResult result() {
        return result;
    }
}
