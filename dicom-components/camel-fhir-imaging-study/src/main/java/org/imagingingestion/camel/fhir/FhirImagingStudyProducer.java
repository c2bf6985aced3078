package org.imagingingestion.camel.fhir;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.camel.dicomweb.RestClient;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

/**
 * Publishes the revision that the body is: a StudyRevisionEvent, the CloudEvent of one, or its JSON. It is read first which revision the
 * server has, and written only if that still is so, so that whatever is delivered when and how often, the latest revision stays.
 */
public class FhirImagingStudyProducer extends DefaultProducer {
    private static final int LONGEST_PAUSE = 500;

    private final FhirImagingStudyEndpoint endpoint;
    private final Mapping mapping;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private RestClient client;

    FhirImagingStudyProducer(FhirImagingStudyEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.mapping = endpoint.mapping();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        client = endpoint.client();
    }

    @Override
    protected void doStop() throws Exception {
        stopped.countDown();
        if (client != null) {
            client.close();
        }
        super.doStop();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        StudyRevisionEvent event = event(exchange.getMessage());
        boolean isOurs =
                endpoint.getProvider() == null || endpoint.getProvider().equals(event.provider());
        exchange.getMessage().setHeader(FhirImagingStudyConstants.OUTCOME, isOurs ? publish(event) : Outcome.IGNORED);
    }

    private static StudyRevisionEvent event(Message message) throws DicomException, InvalidPayloadException {
        Object body = message.getBody();
        StudyRevisionEvent event;
        if (body instanceof StudyRevisionEvent revision) {
            event = revision;
        } else if (body instanceof CloudEvent cloudEvent) {
            if (!StudyRevisionEvent.TYPE.equals(cloudEvent.type())) {
                throw new DicomException(
                        DicomStatus.NO_SUCH_EVENT_TYPE, "Only a StudyRevisionEvent can be published as ImagingStudy");
            }
            event = StudyRevisionEvent.parse(cloudEvent.data());
        } else {
            event = StudyRevisionEvent.parse(message.getMandatoryBody(byte[].class));
        }
        checkUIDs(event.study());
        if (event.revision() < 0) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "StudyRevisionEvent has a negative revision");
        }
        return event;
    }

    /** They are written into addresses and resources as they are. */
    private static void checkUIDs(StudyRevisionEvent.Study study) throws DicomException {
        check(study.studyInstanceUID(), "study.studyInstanceUID");
        for (StudyRevisionEvent.Series series : study.series()) {
            check(series.seriesInstanceUID(), "study.series.seriesInstanceUID");
            for (StudyRevisionEvent.Instance instance : series.instances()) {
                check(instance.sopInstanceUID(), "study.series.instances.sopInstanceUID");
                if (instance.sopClassUID() != null) {
                    check(instance.sopClassUID(), "study.series.instances.sopClassUID");
                }
            }
        }
    }

    private static void check(String uid, String member) throws DicomException {
        if (!UIDs.isLenient(uid)) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, "StudyRevisionEvent has in " + member + " what is not a UID");
        }
    }

    private Outcome publish(StudyRevisionEvent event) throws DicomException, InterruptedException {
        FhirServer server = new FhirServer(client);
        FhirIdentifier identifier = FhirIdentifier.study(event.study().studyInstanceUID());
        StudyBundle bundle = new StudyBundle(event, mapping);
        String id = null;
        for (int conflicts = 0; conflicts <= endpoint.getMaximumConflicts(); conflicts++) {
            Published published = server.find(identifier, id, StudyBundle.isDeleted(event));
            if (published != null && isUpToDate(published, event)) {
                return Outcome.UNCHANGED;
            }
            Published place = bundle.hasEndpoint() ? server.findEndpoint(bundle.endpoint()) : null;
            FhirServer.Written written = server.write(bundle.write(published, place), published == null);
            if (written.isDone()) {
                return published == null ? Outcome.CREATED : Outcome.UPDATED;
            }
            id = written.existing();
            pause();
        }
        throw new DicomException(
                DicomStatus.PROCESSING_FAILURE,
                "The ImagingStudy, or what it refers to, was changed by others each time that it was to be written, or is there more than once");
    }

    private static boolean isUpToDate(Published published, StudyRevisionEvent event) throws DicomException {
        if (published.provider() != null && !published.provider().equals(event.provider())) {
            throw new DicomException(
                    DicomStatus.CLASS_INSTANCE_CONFLICT,
                    "The FHIR server has the study from storage space " + published.provider() + ", not from "
                            + event.provider());
        }
        return published.revision() >= event.revision();
    }

    /** A moment at random, so that those who met do not meet again. */
    private void pause() throws DicomException, InterruptedException {
        if (stopped.await(ThreadLocalRandom.current().nextInt(LONGEST_PAUSE), TimeUnit.MILLISECONDS)) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The producer has been stopped");
        }
    }
}
