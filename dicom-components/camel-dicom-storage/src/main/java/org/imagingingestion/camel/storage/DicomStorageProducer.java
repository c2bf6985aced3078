package org.imagingingestion.camel.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.SenderException;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one operation on a storage space. A failure of the space itself is {@link DicomStatus#OUT_OF_RESOURCES}. */
class DicomStorageProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(DicomStorageProducer.class);
    private static final int LIST_SIZE = 1000;

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
            case store -> message.setBody(store(provider(message), message.getMandatoryBody(InstanceBody.class)));
            case open -> message.setBody(
                    message.getMandatoryBody(RetrievalResult.class).withObjects(space));
            case discard -> discard(message.getMandatoryBody(RecordOutcome.class));
            case delete -> space.delete(message.getMandatoryBody(String.class));
            case list -> message.setBody(list());
            case read -> message.setBody(read(message.getMandatoryBody(String.class)));
        }
    }

    private void discard(RecordOutcome outcome) throws DicomException {
        if (outcome.discard() == null) {
            return;
        }
        if (outcome.sameAs() != null) {
            putBack(outcome.discard(), outcome.sameAs());
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

    private void putBack(String objectName, String sameAs) throws DicomException {
        try {
            space.putBack(objectName, sameAs);
        } catch (IOException e) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The storage space cannot store", e);
        }
    }

    private String provider(Message message) {
        return message.getHeader(ServiceHeaders.PROVIDER, endpoint.getProvider(), String.class);
    }

    private StoredInstance store(String provider, InstanceBody body) throws DicomException, IOException {
        try {
            return space.store(provider, body);
        } catch (SenderException e) {
            throw e;
        } catch (IOException e) {
            throw new DicomException(DicomStatus.OUT_OF_RESOURCES, "The storage space cannot store", e);
        }
    }

    private Iterator<List<String>> list() throws IOException {
        return new Names(space.list(
                endpoint.getProvider(), FileTime.fromMillis(System.currentTimeMillis() - endpoint.getMinimumAge())));
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

    /** Parses a stored object again, as it was when it came. */
    private StoredInstance read(String objectName) throws IOException, DicomException {
        try (InputStream in = space.open(objectName, 0, Long.MAX_VALUE);
                InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            body.stream().transferTo(OutputStream.nullOutputStream());
            return new StoredInstance(
                    endpoint.getProvider(),
                    objectName,
                    body.length(),
                    body.sha256(),
                    body.transferSyntax(),
                    body.dataSet());
        }
    }
}
