package org.imagingingestion.camel.dicomweb;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.Retrieval;

/** An instance that a search on another server has found, and that is retrieved when it is opened. */
final class RemoteInstance implements KeptInstance {
    /** Makes the retrieval of one instance. */
    @FunctionalInterface
    interface Retriever {
        RemoteResults<?> retrieve(Retrieval retrieval) throws IOException, DicomException, InterruptedException;
    }

    private final Retriever retriever;
    private final Retrieval retrieval;
    private final String sopClassUID;
    private String transferSyntaxUID;

    /** @param match of level IMAGE */
    RemoteInstance(DataSet match, Retriever retriever) {
        this.retriever = retriever;
        retrieval = new Retrieval(
                null,
                match.string(Tag.StudyInstanceUID),
                match.string(Tag.SeriesInstanceUID),
                match.string(Tag.SOPInstanceUID),
                Retrieval.Content.LOCATIONS);
        sopClassUID = match.string(Tag.SOPClassUID, "");
        String[] available = match.strings(Tag.AvailableTransferSyntaxUID);
        transferSyntaxUID = available.length == 1 ? available[0] : null;
    }

    @Override
    public String sopClassUID() {
        return sopClassUID;
    }

    @Override
    public String sopInstanceUID() {
        return retrieval.sopInstanceUID();
    }

    /** That of the server where it says one, else that of the object, which is looked at; empty where it cannot be had. */
    @Override
    public String transferSyntaxUID() {
        if (transferSyntaxUID == null) {
            try (Opened opened = retrieve()) {
                transferSyntaxUID = opened.transferSyntaxUID;
            } catch (IOException e) {
                return "";
            }
        }
        return transferSyntaxUID;
    }

    @Override
    public InputStream open() throws IOException {
        String expected = transferSyntaxUID();
        Opened opened = retrieve();
        if (!opened.transferSyntaxUID.equals(expected)) {
            opened.close();
            throw new IOException("An instance comes in another transfer syntax than the search said");
        }
        return opened;
    }

    private Opened retrieve() throws IOException {
        RemoteResults<?> results = null;
        try {
            results = retriever.retrieve(retrieval);
            if (results.poll() instanceof InputStream in) {
                return new Opened(InstanceBody.receive(in, ParseLimits.STREAMING), results);
            }
            throw new IOException("An instance that was found cannot be retrieved");
        } catch (DicomException e) {
            close(results);
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while an instance was being retrieved", e);
        } catch (IOException e) {
            close(results);
            throw e;
        }
    }

    private static void close(RemoteResults<?> results) {
        if (results != null) {
            results.close();
        }
    }

    private static final class Opened extends FilterInputStream {
        private final InstanceBody body;
        private final RemoteResults<?> results;
        private final String transferSyntaxUID;

        Opened(InstanceBody body, RemoteResults<?> results) {
            super(body.stream());
            this.body = body;
            this.results = results;
            transferSyntaxUID = body.transferSyntax().uid();
        }

        @Override
        public void close() {
            body.close();
            results.close();
        }
    }
}
