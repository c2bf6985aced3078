package org.imagingingestion.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** Asks the peer of an association for operations, as their SCU (PS3.7 §9.1, §10.1). */
public final class ServiceUser {
    /** Verification (PS3.4 Annex A). */
    public static final String VERIFICATION = Dictionary.uidOfKeyword("Verification");

    private final Association association;

    public ServiceUser(Association association) {
        this.association = association;
    }

    /** The answer to an operation. @param dataSet {@code null} where it came without one */
    public record Response(Command command, DataSet dataSet) {
        public DimseStatus status() {
            return command.status();
        }
    }

    /** Who asked for a retrieval that a C-STORE is part of (PS3.7 §9.3.1.1). */
    public record MoveOriginator(String aeTitle, int messageID) {}

    /** C-ECHO (PS3.7 §9.1.5). */
    public DimseStatus echo() throws IOException, DicomException {
        return ask(association.context(VERIFICATION), Command.request(CommandField.C_ECHO, VERIFICATION), null)
                .status();
    }

    /**
     * C-STORE (PS3.7 §9.1.1).
     *
     * @param originator {@code null} where nobody else asked for it
     * @param data in the transfer syntax of the context
     */
    public DimseStatus store(
            PresentationContext.Accepted context, String sopInstanceUID, MoveOriginator originator, DataSetSource data)
            throws IOException, DicomException {
        Command command = Command.request(CommandField.C_STORE, context.abstractSyntax())
                .withSOPInstanceUID(sopInstanceUID)
                .withPriority();
        if (originator != null) {
            command.elements()
                    .setString(Tag.MoveOriginatorApplicationEntityTitle, VR.AE, originator.aeTitle())
                    .setInt(Tag.MoveOriginatorMessageID, VR.US, originator.messageID());
        }
        return ask(context, command, data).status();
    }

    /**
     * C-FIND (PS3.7 §9.1.2).
     *
     * @return the matches as they come; to be closed, which cancels what is still to come
     */
    public Matches find(PresentationContext.Accepted context, DataSet identifier) throws IOException {
        Command command =
                Command.request(CommandField.C_FIND, context.abstractSyntax()).withPriority();
        return new Matches(
                context, association.request(context, command, DataSetSource.of(identifier, context.transferSyntax())));
    }

    /** The matches of a C-FIND, read from the association one by one. */
    public final class Matches implements Iterator<DataSet>, Closeable {
        private final PresentationContext.Accepted context;
        private final int messageID;
        private DataSet next;
        private DimseStatus end;

        private Matches(PresentationContext.Accepted context, int messageID) {
            this.context = context;
            this.messageID = messageID;
        }

        /** @throws FailedOperationException where the peer ends with a failure, or the association ends */
        @Override
        public boolean hasNext() {
            try {
                while (next == null && end == null) {
                    read();
                }
            } catch (IOException | DicomException e) {
                end = DimseStatus.of(DicomStatus.PROCESSING_FAILURE);
                throw new FailedOperationException(end, e);
            }
            if (end != null && end.isFailure() && next == null) {
                throw new FailedOperationException(end, null);
            }
            return next != null;
        }

        private void read() throws IOException, DicomException {
            Message response = association.awaitResponse(messageID);
            DimseStatus status = response.command().status();
            if (status.isPending() && response.data() != null) {
                next = response.readDataSet();
            } else if (!status.isPending()) {
                end = status;
            }
        }

        @Override
        public DataSet next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            DataSet match = next;
            next = null;
            return match;
        }

        /** How the search ended, {@code null} before its end. */
        public DimseStatus status() {
            return end;
        }

        @Override
        public void close() throws IOException {
            if (end != null || !association.isOpen()) {
                return;
            }
            association.cancel(context, messageID);
            while (end == null) {
                DimseStatus status =
                        association.awaitResponse(messageID).command().status();
                end = status.isPending() ? null : status;
            }
        }
    }

    /** C-MOVE (PS3.7 §9.1.4). @param progress is told the counts as they come */
    public Response move(
            PresentationContext.Accepted context,
            String destination,
            DataSet identifier,
            Consumer<Suboperations> progress)
            throws IOException, DicomException {
        Command command =
                Command.request(CommandField.C_MOVE, context.abstractSyntax()).withPriority();
        command.elements().setString(Tag.MoveDestination, VR.AE, destination);
        return retrieve(context, command, identifier, progress);
    }

    /**
     * C-GET (PS3.7 §9.1.3). The instances come as C-STORE requests on this association, to be taken by its handler.
     *
     * @param progress is told the counts as they come
     */
    public Response get(PresentationContext.Accepted context, DataSet identifier, Consumer<Suboperations> progress)
            throws IOException, DicomException {
        Command command =
                Command.request(CommandField.C_GET, context.abstractSyntax()).withPriority();
        return retrieve(context, command, identifier, progress);
    }

    private Response retrieve(
            PresentationContext.Accepted context, Command command, DataSet identifier, Consumer<Suboperations> progress)
            throws IOException, DicomException {
        int messageID = association.request(context, command, DataSetSource.of(identifier, context.transferSyntax()));
        while (true) {
            Response response = response(association.awaitResponse(messageID));
            progress.accept(response.command().suboperations());
            if (!response.status().isPending()) {
                return response;
            }
        }
    }

    /** Sends a request and waits for the one answer to it: for C-ECHO, C-STORE and the N-services (PS3.7 §10.1). */
    public Response ask(PresentationContext.Accepted context, Command command, DataSetSource data)
            throws IOException, DicomException {
        return response(association.awaitResponse(association.request(context, command, data)));
    }

    private static Response response(Message message) throws IOException, DicomException {
        return new Response(message.command(), message.data() == null ? null : message.readDataSet());
    }
}
