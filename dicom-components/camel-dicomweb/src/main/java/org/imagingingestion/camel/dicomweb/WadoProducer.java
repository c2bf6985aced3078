package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.Retrieval;

/** Makes the retrieval that the body is, and leaves the objects or their metadata. */
class WadoProducer extends DicomwebProducer {
    private static final String SINGLE =
            MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, "*").toString();
    private static final int MOST_INSTANCES = 100_000;
    // not a list: some servers compare the header as a whole
    static final String MULTIPART =
            MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, "*").inMultipart().toString();

    private final WadoEndpoint endpoint;

    WadoProducer(WadoEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        DicomwebClient client = client(exchange);
        if (exchange.getMessage().getBody() instanceof RemoteResults<?> found) {
            exchange.getMessage().setBody(instances(client, found));
            return;
        }
        if (exchange.getMessage().getBody() instanceof List<?> several) {
            List<KeptInstance> instances = new ArrayList<>(several.size());
            for (Object one : several) {
                RemoteInstance instance = instance(client, exchange, one);
                instances.add(instance);
                closeWhenDone(exchange, instance::close);
            }
            exchange.getMessage().setBody(instances);
            return;
        }
        if (!(exchange.getMessage().getBody() instanceof Retrieval retrieval)) {
            RemoteInstance instance =
                    instance(client, exchange, exchange.getMessage().getBody());
            exchange.getMessage().setBody(instance);
            closeWhenDone(exchange, instance::close);
            // a failure is that of the retrieval, and not of who goes on with it
            instance.begin();
            return;
        }
        Answer answer;
        try {
            answer = answer(client, "", retrieval);
        } catch (IOException e) {
            setAnswer(exchange, 0, null);
            throw DicomwebException.unanswered(e);
        }
        setAnswer(exchange, answer.status(), answer.header("Warning"));
        setResults(exchange, results(client, retrieval, answer));
    }

    /** What a search found at level IMAGE, each to be retrieved when it is opened. */
    private List<KeptInstance> instances(DicomwebClient client, RemoteResults<?> found) throws DicomException {
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
            instances.add(new RemoteInstance(
                    dataSet, retrieval -> results(client, retrieval, answer(client, "", retrieval))));
        }
        return instances;
    }

    /** The instance that a body, or a member of one that is a list, names. */
    private RemoteInstance instance(DicomwebClient client, Exchange exchange, Object body) throws DicomException {
        String text = body instanceof CloudEvent event
                ? new String(event.data(), StandardCharsets.UTF_8)
                : exchange.getContext().getTypeConverter().convertTo(String.class, exchange, body);
        if (text == null) {
            throw new IllegalArgumentException("The body for a wado: producer is to be a " + Retrieval.class.getName()
                    + ", what a qido: producer found, or a text that names an instance");
        }
        InstanceReference named = InstanceReference.parse(text, endpoint.getAddress());
        return new RemoteInstance(
                named.retrieval(), retrieval -> results(client, retrieval, answer(client, named.service(), retrieval)));
    }

    /** @param service path to it from the address, empty where it is the address itself */
    private Answer answer(DicomwebClient client, String service, Retrieval retrieval)
            throws IOException, DicomException, InterruptedException {
        String address = service + address(retrieval);
        switch (retrieval.content()) {
            case METADATA -> {
                return client.send(ClientRequest.getDocument(address + "/metadata"));
            }
            case LOCATIONS -> {
                Answer answer = client.send(ClientRequest.get(address, MULTIPART));
                if (answer.status() != 406 || retrieval.sopInstanceUID() == null) {
                    return answer;
                }
                answer.close();
                return client.send(ClientRequest.get(address, SINGLE));
            }
            default -> throw new IllegalArgumentException(
                    "A wado: producer retrieves LOCATIONS, which are the objects, or METADATA");
        }
    }

    private RemoteResults<?> results(DicomwebClient client, Retrieval retrieval, Answer answer) throws DicomException {
        RemoteResults<?> results = null;
        try {
            if (!answer.isSuccess()) {
                throw client.refusal(DicomStatus.ofHttp(answer.status()), answer);
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
