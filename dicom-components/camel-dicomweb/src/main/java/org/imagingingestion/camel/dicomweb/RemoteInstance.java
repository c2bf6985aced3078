package org.imagingingestion.camel.dicomweb;

import java.io.Closeable;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance of another server, which is retrieved when it is opened. */
final class RemoteInstance implements KeptInstance, Closeable {
    /** Makes the retrieval of one instance. */
    @FunctionalInterface
    interface Retriever {
        RemoteResults<?> retrieve(Retrieval retrieval) throws IOException, DicomException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RemoteInstance.class);

    private final Retriever retriever;
    private final Retrieval retrieval;
    private String sopClassUID;
    private String transferSyntaxUID;
    private final boolean isNamed;

    /** What was opened to be looked at, for whoever opens it next. */
    private Opened looked;

    /** One that is named, and of which nothing else is known: what is looked at is kept for who opens it, until it is closed. */
    RemoteInstance(Retrieval retrieval, Retriever retriever) {
        this(retrieval, retriever, true);
    }

    private RemoteInstance(Retrieval retrieval, Retriever retriever, boolean isNamed) {
        this.retriever = retriever;
        this.retrieval = retrieval;
        this.isNamed = isNamed;
    }

    /** One that a search has found. @param match of level IMAGE */
    RemoteInstance(DataSet match, Retriever retriever) {
        this(
                new Retrieval(
                        null,
                        match.string(Tag.StudyInstanceUID),
                        match.string(Tag.SeriesInstanceUID),
                        match.string(Tag.SOPInstanceUID),
                        Retrieval.Content.LOCATIONS),
                retriever,
                false);
        sopClassUID = match.string(Tag.SOPClassUID, "");
        String[] available = match.strings(Tag.AvailableTransferSyntaxUID);
        transferSyntaxUID = available.length == 1 ? available[0] : null;
    }

    /** That of the search, else that of the object, which is looked at; empty where it cannot be had. */
    @Override
    public String sopClassUID() {
        if (sopClassUID == null) {
            look();
        }
        return sopClassUID == null ? "" : sopClassUID;
    }

    @Override
    public String sopInstanceUID() {
        return retrieval.sopInstanceUID();
    }

    /** That of the server where it says one, else that of the object, which is looked at; empty where it cannot be had. */
    @Override
    public String transferSyntaxUID() {
        if (transferSyntaxUID == null) {
            look();
        }
        return transferSyntaxUID == null ? "" : transferSyntaxUID;
    }

    @Override
    public boolean isDescribed() {
        return !isNamed || transferSyntaxUID != null;
    }

    @Override
    public void describe() throws IOException {
        if (!isDescribed()) {
            keep(retrieve());
        }
    }

    /**
     * Begins to retrieve what is named, for who opens it next.
     *
     * @throws DicomException where it cannot be had: what the server answered
     */
    void begin() throws DicomException {
        try {
            keep(retrieve());
        } catch (IOException e) {
            throw e.getCause() instanceof DicomException refusal ? refusal : DicomwebException.unanswered(e);
        }
    }

    private void keep(Opened opened) {
        transferSyntaxUID = opened.body.transferSyntax().uid();
        sopClassUID = opened.body.dataSet().string(Tag.SOPClassUID, "");
        close();
        looked = opened;
    }

    private void look() {
        Opened opened = null;
        try {
            opened = retrieve();
            transferSyntaxUID = opened.body.transferSyntax().uid();
            sopClassUID = opened.body.dataSet().string(Tag.SOPClassUID, "");
        } catch (IOException e) {
            LOG.debug("An instance cannot be looked at: {}", e.getClass().getName());
        }
        if (isNamed) {
            close();
            looked = opened;
        } else if (opened != null) {
            opened.close();
        }
    }

    @Override
    public InputStream open() throws IOException {
        Opened opened = looked == null ? retrieve() : looked;
        looked = null;
        if (transferSyntaxUID != null && !opened.body.transferSyntax().uid().equals(transferSyntaxUID)) {
            opened.close();
            throw new IOException("An instance comes in another transfer syntax than it was said to have");
        }
        return opened;
    }

    /** Closes what was looked at and never opened. */
    @Override
    public void close() {
        if (looked != null) {
            looked.close();
            looked = null;
        }
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

        Opened(InstanceBody body, RemoteResults<?> results) {
            super(body.stream());
            this.body = body;
            this.results = results;
        }

        @Override
        public void close() {
            body.close();
            results.close();
        }
    }
}
