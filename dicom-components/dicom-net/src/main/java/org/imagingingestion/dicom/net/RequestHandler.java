package org.imagingingestion.dicom.net;

/** Answers the requests of a peer. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers one request by {@link Association#respond}, once or, where pending responses come first, more often.
     *
     * @throws org.imagingingestion.dicom.DicomException to answer with its status and its message as Error Comment; any
     *     other exception is answered with 0110H
     */
    void handle(Association association, Message request) throws Exception;

    /**
     * A request that there is such a command for is done with, whatever became of it.
     *
     * @param request with its {@link Message#status()}, {@code null} where the association ended before
     * @param nanos from its command to its last answer
     */
    default void answered(Association association, Message request, long nanos) {}
}
