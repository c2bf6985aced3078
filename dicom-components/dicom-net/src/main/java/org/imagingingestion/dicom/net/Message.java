package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.io.InputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParseException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.TransferSyntax;

/** A message as it comes: a command, and a data set to be read once, before the next message (PS3.7 §6.3). */
public final class Message {
    /** For data sets that are read whole, such as identifiers of queries. */
    private static final ParseLimits LIMITS = new ParseLimits(32, 200_000, 16 << 20, 4 << 20, 4 << 20, 100);

    private final PresentationContext.Accepted context;
    private final Command command;
    private final InputStream data;
    private DimseStatus status;

    Message(PresentationContext.Accepted context, Command command, InputStream data) {
        this.context = context;
        this.command = command;
        this.data = data;
    }

    public PresentationContext.Accepted context() {
        return context;
    }

    public Command command() {
        return command;
    }

    /** The bytes of the data set in the context's transfer syntax, {@code null} where the message has none. */
    public InputStream data() {
        return data;
    }

    /**
     * Reads the data set whole.
     *
     * @throws DicomException MISTYPED_ARGUMENT where there is none, CANNOT_UNDERSTAND where it cannot be read
     */
    public DataSet readDataSet() throws IOException, DicomException {
        if (data == null) {
            throw new DicomException(DicomStatus.MISTYPED_ARGUMENT, command.field() + " has no data set");
        }
        TransferSyntax syntax = TransferSyntax.of(context.transferSyntax());
        try (DicomParser parser = new DicomParser(syntax, LIMITS)) {
            return DicomReader.read(data, parser).dataSet();
        } catch (DicomParseException e) {
            throw new DicomException(DicomStatus.CANNOT_UNDERSTAND, e.getMessage(), e);
        }
    }

    /** What it was finally answered with, {@code null} before that. */
    public DimseStatus status() {
        return status;
    }

    void answered(DimseStatus end) {
        status = end;
    }
}
