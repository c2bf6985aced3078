package org.imagingingestion.dicom.event;

import org.imagingingestion.dicom.service.PartialFailure;

/** Why not all of the events that were delivered together were taken, and which of them, where the failure tells. */
public final class BatchFailure {
    private static final String INSTANCES = "/instances/";

    private final DeliveryFailure whole;
    private final PartialFailure parts;

    /** What a failure means. A {@link PartialFailure} counts wherever it is among the causes. */
    public BatchFailure(Throwable failure) {
        whole = DeliveryFailure.of(failure);
        Throwable cause = failure;
        while (cause != null && !(cause instanceof PartialFailure)) {
            cause = cause.getCause();
        }
        parts = (PartialFailure) cause;
    }

    /** The failure as that of each event. */
    public DeliveryFailure whole() {
        return whole;
    }

    /** Whether the instance that the event is of was taken all the same. */
    public boolean isTaken(CloudEvent event) {
        String instance = instance(event);
        return parts != null
                && parts.taken().contains(instance)
                && !parts.refused().containsKey(instance);
    }

    /** Why the instance that the event is of was not taken, {@code null} where that is not told. */
    public DeliveryFailure refusal(CloudEvent event) {
        String instance = instance(event);
        return parts == null
                        || parts.taken().contains(instance)
                        || !parts.refused().containsKey(instance)
                ? null
                : DeliveryFailure.of(parts.refused().get(instance));
    }

    private static String instance(CloudEvent event) {
        int at = event.subject().lastIndexOf(INSTANCES);
        return at < 0 ? "" : event.subject().substring(at + INSTANCES.length());
    }
}
