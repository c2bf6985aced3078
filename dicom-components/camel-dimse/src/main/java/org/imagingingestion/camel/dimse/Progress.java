package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.AssociationException;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.Suboperations;
import org.imagingingestion.dicom.service.KeptInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the sub-operations of a retrieval are, and what its requestor is told (PS3.4 §C.4.2.1.6 to §C.4.2.1.8). */
final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long TELL_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Association association;
    private final Message request;
    private final List<String> failed = new ArrayList<>();
    private int remaining;
    private int completed;
    private int warnings;
    private DimseStatus lastFailure;
    private long told = System.nanoTime();

    Progress(Association association, Message request, int instances) {
        this.association = association;
        this.request = request;
        remaining = instances;
    }

    /** One instance was sent. */
    synchronized void sent(KeptInstance instance, DimseStatus status) {
        remaining--;
        if (status.isSuccess()) {
            completed++;
        } else if (status.isWarning()) {
            warnings++;
        } else {
            failed.add(instance.sopInstanceUID());
            lastFailure = status;
            LOG.debug("A sub-operation ended with {}", status.hex());
        }
    }

    /** One instance could not be sent. */
    void failed(KeptInstance instance, Exception problem) {
        DimseStatus status = status(problem);
        LOG.warn(
                "An instance could not be sent: {} ({})",
                status.comment(),
                problem.getClass().getSimpleName());
        sent(instance, status);
    }

    private static DimseStatus status(Exception problem) {
        if (problem instanceof DicomException dicom) {
            return DimseStatus.of(dicom);
        }
        // where things are kept is nothing that a peer is told
        return DimseStatus.of(
                DicomStatus.PROCESSING_FAILURE,
                problem instanceof AssociationException ? problem.getMessage() : "The instance cannot be read");
    }

    /** Tells the requestor how far it is, now and then. */
    void tell() throws IOException {
        long now = System.nanoTime();
        if (now - told > TELL_EVERY_NANOS) {
            told = now;
            association.respond(
                    request, request.command().response(DimseStatus.PENDING).withSuboperations(counts()), null);
        }
    }

    private synchronized Suboperations counts() {
        return new Suboperations(remaining, completed, failed.size(), warnings);
    }

    /** Answers the request: with what became of all, or that it was cancelled. */
    void end(boolean cancelled) throws IOException {
        Suboperations counts = counts();
        DimseStatus status = cancelled ? DimseStatus.CANCEL : status();
        Command response =
                request.command().response(status).withSuboperations(cancelled ? counts : counts.withoutRemaining());
        association.respond(
                request,
                response,
                failed.isEmpty()
                        ? null
                        : new DataSet().setString(Tag.FailedSOPInstanceUIDList, VR.UI, failed.toArray(String[]::new)));
    }

    private DimseStatus status() {
        if (failed.isEmpty()) {
            return warnings == 0 ? DimseStatus.SUCCESS : DimseStatus.of(DicomStatus.COERCION_OF_DATA_ELEMENTS);
        }
        String comment = lastFailure.comment();
        return DimseStatus.of(
                completed == 0 && warnings == 0
                        ? DicomStatus.UNABLE_TO_PERFORM_SUBOPERATIONS
                        : DicomStatus.COERCION_OF_DATA_ELEMENTS,
                comment == null ? "Sub-operations ended with " + lastFailure.hex() : comment);
    }
}
