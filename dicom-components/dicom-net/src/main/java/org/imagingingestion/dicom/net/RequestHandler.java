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
}
