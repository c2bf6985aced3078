package org.imagingingestion.camel.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.SenderException;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;
import org.imagingingestion.dicom.service.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one operation on a storage space. A failure of the space itself is {@link DicomStatus#OUT_OF_RESOURCES}. */
class DicomStorageProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(DicomStorageProducer.class);
    private static final int LIST_SIZE = 1000;
    private static final String ALL = "*";

    private final DicomStorageEndpoint endpoint;
    private final StorageSpace space;

    DicomStorageProducer(DicomStorageEndpoint endpoint) throws Exception {
        super(endpoint);
        this.endpoint = endpoint;
        space = ((DicomStorageComponent) endpoint.getComponent()).open(endpoint);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        switch (endpoint.getOperation()) {
            case store -> message.setBody(store(message));
            case open -> message.setBody(
                    message.getMandatoryBody(RetrievalResult.class).withObjects(space));
            case discard -> discard(message.getMandatoryBody(RecordOutcome.class));
            case delete -> space.delete(message.getMandatoryBody(String.class));
            case list -> message.setBody(list());
            case read -> message.setBody(
                    message.getBody() instanceof CloudEvent event
                            ? read(event)
                            : read(message.getMandatoryBody(String.class)));
            case sweep -> space.removeUnfinished(minimumAge());
        }
    }

    private void discard(RecordOutcome outcome) throws DicomException {
        if (outcome.discard() == null) {
            return;
        }
        if (outcome.sameAs() != null) {
            putBack(outcome);
        }
        try {
            space.delete(outcome.discard());
        } catch (IOException e) {
            // the instance is stored all the same, and the sweep finds the object
            LOG.warn(
                    "An object that is not needed could not be removed: {}",
                    e.getClass().getSimpleName());
        }
    }

    private void putBack(RecordOutcome outcome) throws DicomException {
        try {
            space.putBack(outcome.discard(), outcome.sameAs(), HexFormat.of().parseHex(outcome.sha256()));
        } catch (IOException e) {
            throw cannotStore(e);
        }
    }

    private String provider(Message message) {
        return message.getHeader(ServiceHeaders.PROVIDER, endpoint.getProvider(), String.class);
    }

    private StoredInstance store(Message message) throws DicomException, IOException, InvalidPayloadException {
        InstanceBody body = message.getMandatoryBody(InstanceBody.class);
        try {
            return space.store(provider(message), body)
                    .withReceivedFrom(message.getHeader(ServiceHeaders.CALLING_AE_TITLE, String.class));
        } catch (SenderException e) {
            throw e;
        } catch (IOException e) {
            throw cannotStore(e);
        }
    }

    private static DicomException cannotStore(IOException e) {
        String reason = e instanceof UnavailableException ? ": " + e.getMessage() : "";
        return new DicomException(DicomStatus.OUT_OF_RESOURCES, "The storage space cannot store" + reason, e);
    }

    private Iterator<List<String>> list() throws IOException {
        String provider = endpoint.getProvider();
        return new Names(space.list(provider.equals(ALL) ? null : provider, minimumAge()));
    }

    private FileTime minimumAge() {
        return FileTime.fromMillis(System.currentTimeMillis() - endpoint.getMinimumAge());
    }

    /** Lists of names. Whoever stops before their end closes them, as the splitter does. */
    private static final class Names implements Iterator<List<String>>, Closeable {
        private final Stream<String> names;
        private final Iterator<String> each;

        Names(Stream<String> names) {
            this.names = names;
            each = names.iterator();
        }

        @Override
        public boolean hasNext() {
            boolean more = each.hasNext();
            if (!more) {
                names.close();
            }
            return more;
        }

        @Override
        public List<String> next() {
            List<String> next = new ArrayList<>();
            while (next.size() < LIST_SIZE && each.hasNext()) {
                next.add(each.next());
            }
            return next;
        }

        @Override
        public void close() {
            names.close();
        }
    }

    /**
     * What an event tells to be stored; its object is parsed only where the event does not tell all of it. Whoever can send events
     * could otherwise have objects of other instances removed, so that the object is to be that of the event's instance.
     */
    private StoredInstance read(CloudEvent event) throws IOException, DicomException {
        ImageStoredEvent stored = ImageStoredEvent.parse(event.data());
        String objectName = stored.store().objectName();
        boolean isOfOriginal = ObjectName.isDigest(objectName)
                && endpoint.getProvider().equals(stored.store().provider());
        require(
                isOfOriginal || isNamedAfter(stored),
                "The event's object (store.objectName) is not named after the event's provider and instance");
        StoredInstance told = isOfOriginal ? null : stored.stored();
        StoredInstance instance = told != null
                ? told
                : read(objectName)
                        .withProvider(stored.store().provider())
                        .withReceivedFrom(stored.image().receivedFrom());
        require(isSame(stored.image(), instance), "The event has other UIDs than its instance");
        require(
                !isOfOriginal || objectName.startsWith(HexFormat.of().formatHex(instance.sha256())),
                "The object's name is not its digest");
        return instance;
    }

    private static boolean isNamedAfter(ImageStoredEvent event) {
        ImageStoredEvent.Image image = event.image();
        return ObjectName.isOf(
                event.store().objectName(),
                event.store().provider(),
                image.studyInstanceUID(),
                image.seriesInstanceUID(),
                image.sopInstanceUID());
    }

    private static boolean isSame(ImageStoredEvent.Image image, StoredInstance instance) throws DicomException {
        return image.studyInstanceUID().equals(instance.uid(Tag.StudyInstanceUID))
                && image.seriesInstanceUID().equals(instance.uid(Tag.SeriesInstanceUID))
                && image.sopInstanceUID().equals(instance.uid(Tag.SOPInstanceUID));
    }

    private static void require(boolean isSo, String otherwise) throws DicomException {
        if (!isSo) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, otherwise);
        }
    }

    /** Parses a stored object again, as it was when it came. */
    private StoredInstance read(String objectName) throws IOException, DicomException {
        try (InputStream in = space.open(objectName, 0, Long.MAX_VALUE);
                InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            body.stream().transferTo(OutputStream.nullOutputStream());
            return new StoredInstance(
                    ObjectName.provider(objectName),
                    objectName,
                    body.length(),
                    body.sha256(),
                    body.transferSyntax(),
                    body.dataSet());
        }
    }
}
