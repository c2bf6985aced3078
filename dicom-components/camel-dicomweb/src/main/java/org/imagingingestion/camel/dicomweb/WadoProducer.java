package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.Retrieval;

/** Makes the retrieval that the body is, and leaves the objects or their metadata. */
class WadoProducer extends DicomwebProducer {
    private static final String SINGLE =
            MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, "*").toString();
    private static final int MOST_INSTANCES = 100_000;
    // not a list: some servers compare the header as a whole
    private static final String MULTIPART =
            MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, "*").inMultipart().toString();

    WadoProducer(WadoEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (exchange.getMessage().getBody() instanceof RemoteResults<?> found) {
            exchange.getMessage().setBody(instances(found));
            return;
        }
        if (!(exchange.getMessage().getBody() instanceof Retrieval retrieval)) {
            throw new IllegalArgumentException("The body for a wado: producer is to be a " + Retrieval.class.getName()
                    + ", or what a qido: producer found");
        }
        Answer answer;
        try {
            answer = answer(retrieval);
        } catch (IOException e) {
            setAnswer(exchange, 0, null);
            throw DicomwebException.unanswered(e);
        }
        setAnswer(exchange, answer.status(), answer.header("Warning"));
        setResults(exchange, results(retrieval, answer));
    }

    /** What a search found at level IMAGE, each to be retrieved when it is opened. */
    private List<KeptInstance> instances(RemoteResults<?> found) throws DicomException {
        List<KeptInstance> instances = new ArrayList<>();
        for (Object match = found.poll(); match != null; match = found.poll()) {
            if (!(match instanceof DataSet dataSet)
                    || !dataSet.containsValue(Tag.SOPInstanceUID)
                    || !dataSet.containsValue(Tag.SeriesInstanceUID)
                    || !dataSet.containsValue(Tag.StudyInstanceUID)) {
                throw new DicomException(
                        DicomStatus.PROCESSING_FAILURE, "The search found something that is no instance");
            }
            if (instances.size() == MOST_INSTANCES) {
                throw new DicomException(
                        DicomStatus.UNABLE_TO_PERFORM_SUBOPERATIONS,
                        "More than " + MOST_INSTANCES + " instances at once are not retrieved");
            }
            instances.add(new RemoteInstance(dataSet, retrieval -> results(retrieval, answer(retrieval))));
        }
        return instances;
    }

    private Answer answer(Retrieval retrieval) throws IOException, DicomException, InterruptedException {
        String address = address(retrieval);
        switch (retrieval.content()) {
            case METADATA -> {
                return client().send(ClientRequest.getDocument(address + "/metadata"));
            }
            case LOCATIONS -> {
                Answer answer = client().send(ClientRequest.get(address, MULTIPART));
                if (answer.status() != 406 || retrieval.sopInstanceUID() == null) {
                    return answer;
                }
                answer.close();
                return client().send(ClientRequest.get(address, SINGLE));
            }
            default -> throw new IllegalArgumentException(
                    "A wado: producer retrieves LOCATIONS, which are the objects, or METADATA");
        }
    }

    private RemoteResults<?> results(Retrieval retrieval, Answer answer) throws DicomException {
        RemoteResults<?> results = null;
        try {
            if (!answer.isSuccess()) {
                throw client().refusal(DicomStatus.ofHttp(answer.status()), answer);
            }
            results = retrieval.content() == Retrieval.Content.METADATA
                    ? new RemoteDataSets(new SearchPage(answer))
                    : new RemoteObjects(answer);
            results.peek();
            return results;
        } catch (IOException e) {
            throw DicomwebException.unanswered(e);
        } finally {
            if (results == null) {
                answer.close();
            }
        }
    }

    private static String address(Retrieval retrieval) {
        StringBuilder address = new StringBuilder(200);
        append(address, "/studies/", "study", retrieval.studyInstanceUID());
        if (retrieval.seriesInstanceUID() != null || retrieval.sopInstanceUID() != null) {
            append(address, "/series/", "series", retrieval.seriesInstanceUID());
        }
        if (retrieval.sopInstanceUID() != null) {
            append(address, "/instances/", "instance", retrieval.sopInstanceUID());
        }
        return address.toString();
    }

    private static void append(StringBuilder address, String resource, String name, String uid) {
        if (!UIDs.isLenient(uid)) {
            throw new IllegalArgumentException(
                    "The " + name + " of the retrieval has no UID of up to 64 digits and dots");
        }
        address.append(resource).append(uid);
    }
}
