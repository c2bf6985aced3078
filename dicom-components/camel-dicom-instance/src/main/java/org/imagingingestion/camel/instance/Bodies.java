package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.SynchronizationAdapter;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.Opened;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instance that the body of a message is. */
final class Bodies {
    private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);

    private Bodies() {}

    /**
     * Has what is opened for a message closed when nobody works on it any more, the last of it first. In a Kamelet, whose exchange is
     * done before the next step reads, that is left to who began the first exchange.
     */
    static Opened opened(Exchange exchange) {
        if (isOfKamelet(exchange)) {
            Opened opened = exchange.getProperty(ServiceHeaders.OPENED, Opened.class);
            if (opened == null) {
                opened = new Opened();
                exchange.setProperty(ServiceHeaders.OPENED, opened);
            }
            return opened;
        }
        Opened opened = new Opened();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    opened.close();
                } catch (IOException e) {
                    LOG.debug(
                            "What was read is not closed properly: {}",
                            e.getClass().getName());
                }
            }
        });
        return opened;
    }

    private static boolean isOfKamelet(Exchange exchange) {
        return exchange.getFromEndpoint() != null
                && exchange.getFromEndpoint().getEndpointUri().startsWith("kamelet:");
    }

    /** Whether it is an instance in a form of its own. */
    static boolean isInstance(Object body) {
        return body instanceof InstanceBody
                || body instanceof InstanceSource
                || body instanceof File
                || body instanceof Path
                || body instanceof WrappedFile<?>;
    }

    /**
     * Begins to read an instance.
     *
     * @param opened takes what is to be closed when it has been read
     * @throws DicomException where it is not DICOM, or another system does not give it
     */
    static InstanceBody open(Object body, Opened opened) throws IOException, DicomException {
        if (body instanceof InstanceBody instance) {
            return instance;
        }
        InputStream in = stream(body);
        if (in != body) {
            in = new ClosedAtEnd(in);
            opened.add(in);
        }
        InstanceBody instance = InstanceBody.receive(in, ParseLimits.STREAMING);
        opened.add(instance::close);
        return instance;
    }

    private static InputStream stream(Object body) throws IOException, DicomException {
        if (body instanceof InstanceSource source) {
            return open(source);
        }
        if (body instanceof byte[] file) {
            return new ByteArrayInputStream(file);
        }
        if (body instanceof Path file) {
            return Files.newInputStream(file);
        }
        if (body instanceof File file) {
            return Files.newInputStream(file.toPath());
        }
        if (body instanceof WrappedFile<?> file && file.getFile() instanceof File local) {
            return Files.newInputStream(local.toPath());
        }
        if (body instanceof InputStream in) {
            if (body instanceof StreamCache cache) {
                cache.reset();
            }
            return in;
        }
        throw new IllegalArgumentException(
                "dicom-instance takes an InstanceBody, or a Part 10 file as InstanceSource, InputStream,"
                        + " File, Path or byte[]; not "
                        + (body == null ? "nothing" : "a " + body.getClass().getName()));
    }

    private static InputStream open(InstanceSource source) throws IOException, DicomException {
        try {
            return source.open();
        } catch (IOException e) {
            if (e.getCause() instanceof DicomException refusal) {
                throw refusal;
            }
            throw e;
        }
    }
}
