package org.imagingingestion.dicom.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;

/** The command of a message: elements of group 0000 (PS3.7 §6.3, §9.3, §10.3, Annex E). */
public final class Command {
    /** Longest command that is taken; a long Attribute Identifier List is the longest there is. */
    static final int LONGEST = 64 << 10;

    private static final int NO_DATA_SET = 0x0101;
    private static final int DATA_SET = 0x0001;
    private static final ParseLimits LIMITS = new ParseLimits(1, 1000, LONGEST, LONGEST, LONGEST, 1);

    private final DataSet elements;

    private Command(DataSet elements) {
        this.elements = elements;
    }

    /** A request; its Message ID is set when it is sent. */
    public static Command request(CommandField field, String sopClassUID) {
        Command command = new Command(new DataSet());
        command.elements.setInt(Tag.CommandField, VR.US, field.requestCode());
        if (sopClassUID != null) {
            command.elements.setString(
                    field.isOfRequested() ? Tag.RequestedSOPClassUID : Tag.AffectedSOPClassUID, VR.UI, sopClassUID);
        }
        return command;
    }

    /** The cancel of a request (PS3.7 §9.3.2.3). */
    static Command cancel(int messageID) {
        Command command = new Command(new DataSet());
        command.elements
                .setInt(Tag.CommandField, VR.US, CommandField.C_CANCEL.requestCode())
                .setInt(Tag.MessageIDBeingRespondedTo, VR.US, messageID);
        return command;
    }

    /** A response to this request, which names what the request names. */
    public Command response(DimseStatus status) {
        DataSet response = new DataSet();
        String sopClassUID = sopClassUID();
        if (sopClassUID != null) {
            response.setString(Tag.AffectedSOPClassUID, VR.UI, sopClassUID);
        }
        // one that is not known is answered all the same, that it is not
        response.setInt(Tag.CommandField, VR.US, elements.integer(Tag.CommandField, 0) | CommandField.RESPONSE)
                .setInt(Tag.MessageIDBeingRespondedTo, VR.US, messageID());
        String sopInstanceUID = sopInstanceUID();
        if (sopInstanceUID != null) {
            response.setString(Tag.AffectedSOPInstanceUID, VR.UI, sopInstanceUID);
        }
        for (int tag : new int[] {Tag.EventTypeID, Tag.ActionTypeID}) {
            if (elements.contains(tag)) {
                response.setInt(tag, VR.US, elements.integer(tag, 0));
            }
        }
        response.setInt(Tag.Status, VR.US, status.code());
        if (status.comment() != null && !status.comment().isEmpty()) {
            response.setString(Tag.ErrorComment, VR.LO, status.comment());
        }
        if (!status.offendingElements().isEmpty()) {
            response.setInt(
                    Tag.OffendingElement,
                    VR.AT,
                    status.offendingElements().stream()
                            .mapToLong(Integer::longValue)
                            .toArray());
        }
        return new Command(response);
    }

    /** All elements; to be changed before it is sent. */
    public DataSet elements() {
        return elements;
    }

    /** @return {@code null} for a number that is none */
    public CommandField field() {
        return CommandField.of(elements.integer(Tag.CommandField, 0));
    }

    public boolean isResponse() {
        return CommandField.isResponse(elements.integer(Tag.CommandField, 0));
    }

    public int messageID() {
        return elements.integer(Tag.MessageID, 0);
    }

    public int messageIDBeingRespondedTo() {
        return elements.integer(Tag.MessageIDBeingRespondedTo, 0);
    }

    /** Affected or Requested SOP Class UID, {@code null} where there is none. */
    public String sopClassUID() {
        String affected = elements.string(Tag.AffectedSOPClassUID);
        return affected != null ? affected : elements.string(Tag.RequestedSOPClassUID);
    }

    /** Affected or Requested SOP Instance UID, {@code null} where there is none. */
    public String sopInstanceUID() {
        String affected = elements.string(Tag.AffectedSOPInstanceUID);
        return affected != null ? affected : elements.string(Tag.RequestedSOPInstanceUID);
    }

    public Command withSOPInstanceUID(String uid) {
        CommandField field = field();
        elements.setString(
                field != null && field.isOfRequested() ? Tag.RequestedSOPInstanceUID : Tag.AffectedSOPInstanceUID,
                VR.UI,
                uid);
        return this;
    }

    /** Sets Priority (0000,0700) to medium, as the C-services but C-ECHO must have one. */
    public Command withPriority() {
        elements.setInt(Tag.Priority, VR.US, 0);
        return this;
    }

    /** Whether a data set follows. */
    public boolean hasDataSet() {
        return elements.integer(Tag.CommandDataSetType, NO_DATA_SET) != NO_DATA_SET;
    }

    /** The outcome that a response tells. */
    public DimseStatus status() {
        long[] offending = elements.longs(Tag.OffendingElement);
        return new DimseStatus(
                elements.integer(Tag.Status, 0x0110),
                elements.string(Tag.ErrorComment),
                offending.length == 0
                        ? List.of()
                        : Arrays.stream(offending).mapToObj(tag -> (int) tag).toList());
    }

    /** Sub-operations that a response counts (PS3.7 §9.3.4.2); -1 for a number that is not told. */
    public Suboperations suboperations() {
        int[] counts = IntStream.of(
                        Tag.NumberOfRemainingSuboperations,
                        Tag.NumberOfCompletedSuboperations,
                        Tag.NumberOfFailedSuboperations,
                        Tag.NumberOfWarningSuboperations)
                .map(tag -> elements.integer(tag, -1))
                .toArray();
        return new Suboperations(counts[0], counts[1], counts[2], counts[3]);
    }

    public Command withSuboperations(Suboperations counts) {
        count(Tag.NumberOfRemainingSuboperations, counts.remaining());
        count(Tag.NumberOfCompletedSuboperations, counts.completed());
        count(Tag.NumberOfFailedSuboperations, counts.failed());
        count(Tag.NumberOfWarningSuboperations, counts.warning());
        return this;
    }

    private void count(int tag, int number) {
        if (number >= 0) {
            // US: more than it can hold is told as the most it can
            elements.setInt(tag, VR.US, Math.min(number, 0xFFFF));
        }
    }

    byte[] encode(boolean withDataSet) {
        elements.setInt(Tag.CommandDataSetType, VR.US, withDataSet ? DATA_SET : NO_DATA_SET);
        elements.remove(Tag.CommandGroupLength);
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try {
            DicomWriter writer = new DicomWriter(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
            writer.writeDataSet(elements, out);
            byte[] group = out.toByteArray();
            out.reset();
            writer.writeDataSet(new DataSet().setInt(Tag.CommandGroupLength, VR.UL, group.length), out);
            out.write(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** @throws PduException where it is no command, or a command without its type */
    static Command decode(byte[] bytes) throws PduException {
        try (DicomParser parser = new DicomParser(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, LIMITS)) {
            parser.feed(bytes, 0, bytes.length);
            parser.finish();
            DataSet elements = new DataSet();
            parser.dataSet().forEach(element -> {
                if (Tag.group(element.tag()) == 0) {
                    elements.put(element);
                }
            });
            if (!elements.containsValue(Tag.CommandField)) {
                throw new PduException(Pdu.Abort.INVALID_PARAMETER_VALUE, "A command has no Command Field");
            }
            return new Command(elements);
        } catch (DicomParseException e) {
            throw new PduException(Pdu.Abort.INVALID_PARAMETER_VALUE, "A command cannot be read: " + e.getMessage());
        }
    }
}
