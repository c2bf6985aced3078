package org.imagingingestion.camel.dimse;

import java.io.IOException;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceCheck;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.StoreResult;

/** Takes instances: the SCP of the Storage Service Class (PS3.4 Annex B, PS3.7 §9.1.1). */
final class StoreService implements DimseConsumer.Service {
    /** What becomes of an instance. */
    @FunctionalInterface
    interface Ingest {
        Object store(Association association, Message request, InstanceBody body) throws IOException, DicomException;
    }

    private final Ingest ingest;

    StoreService(Ingest ingest) {
        this.ingest = ingest;
    }

    @Override
    public void answer(Association association, Message request) throws IOException, DicomException {
        Command command = request.command();
        String sopClassUID = required(command.sopClassUID(), "Affected SOP Class UID");
        String sopInstanceUID = required(command.sopInstanceUID(), "Affected SOP Instance UID");
        if (request.data() == null) {
            throw new DicomException(DicomStatus.MISTYPED_ARGUMENT, "C-STORE has no data set");
        }
        TransferSyntax syntax = TransferSyntax.of(request.context().transferSyntax());
        try (InstanceBody body = InstanceBody.receiveDataSet(
                request.data(), sopClassUID, sopInstanceUID, syntax, ParseLimits.STREAMING)) {
            InstanceCheck.check(body, null);
            Object result = ingest.store(association, request, body);
            DicomStatus status = InstanceCheck.status(body, result);
            association.respond(
                    request, DimseStatus.of(status, status == DicomStatus.SUCCESS ? null : comment(result)));
        }
    }

    private static String comment(Object result) {
        if (result instanceof StoreResult) {
            return "As the system says that it was sent on to";
        }
        RecordOutcome.Kind kind = result instanceof RecordOutcome outcome ? outcome.kind() : RecordOutcome.Kind.ADDED;
        return switch (kind) {
            case REFUSED -> "Another instance has this SOP Instance UID";
            case KEPT_FIRST -> "Another instance of this SOP Instance UID stays in force";
            default -> "Some attributes are not as their VR allows";
        };
    }

    private static String required(String uid, String name) throws DicomException {
        if (uid == null) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, name + " is missing");
        }
        return uid;
    }
}
