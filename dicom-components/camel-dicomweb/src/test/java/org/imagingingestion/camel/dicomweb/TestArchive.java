package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.ObjectSource;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

/** A route that answers retrievals from objects in a folder, in the place of manifest and storage space. */
final class TestArchive extends RouteBuilder {
    final List<StoredObject> objects = new CopyOnWriteArrayList<>();
    final List<Retrieval> retrievals = new CopyOnWriteArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    volatile String version = "7";
    volatile boolean asFiles = true;
    /** Most instances whose metadata are given at once. */
    volatile int portion = Integer.MAX_VALUE;
    /** Called with each retrieval before it is answered. */
    volatile Processor before = exchange -> {};

    private final String uri;
    private final Path folder;

    TestArchive(String uri, Path folder) {
        this.uri = uri;
        this.folder = folder;
    }

    /** Forgets everything, for the next test. */
    void reset() {
        objects.clear();
        retrievals.clear();
        opened.set(0);
        version = "7";
        asFiles = true;
        portion = Integer.MAX_VALUE;
        before = exchange -> {};
    }

    @Override
    public void configure() {
        from(uri).process(exchange -> before.process(exchange)).process(this::answer);
    }

    private void answer(Exchange exchange) {
        Retrieval retrieval = exchange.getMessage().getBody(Retrieval.class);
        retrievals.add(retrieval);
        List<StoredObject> found = objects.stream()
                .filter(object -> isMeant(object.location(), retrieval))
                .toList();
        boolean locations = retrieval.content() == Retrieval.Content.LOCATIONS;
        List<StoredObject> described = retrieval.content() == Retrieval.Content.METADATA ? found : List.of();
        exchange.getMessage()
                .setBody(new RetrievalResult(
                        found.isEmpty() ? null : version,
                        locations ? found.stream().map(StoredObject::location).toList() : List.of(),
                        // each has its own, as from a database
                        described.stream()
                                .limit(portion)
                                .map(object -> object.metadata().clone())
                                .toList(),
                        described.stream()
                                .skip(portion)
                                .map(object -> object.location().sopInstanceUID())
                                .toList(),
                        new Folder()));
    }

    private static boolean isMeant(InstanceLocation location, Retrieval retrieval) {
        return location.studyInstanceUID().equals(retrieval.studyInstanceUID())
                && (retrieval.seriesInstanceUID() == null
                        || location.seriesInstanceUID().equals(retrieval.seriesInstanceUID()))
                && (retrieval.sopInstanceUID() == null
                        || location.sopInstanceUID().equals(retrieval.sopInstanceUID()))
                && (retrieval.sopInstanceUIDs().isEmpty()
                        || retrieval.sopInstanceUIDs().contains(location.sopInstanceUID()));
    }

    private final class Folder implements ObjectSource {
        @Override
        public InputStream open(String objectName, long offset, long length) throws IOException {
            opened.incrementAndGet();
            for (StoredObject object : objects) {
                if (object.location().objectName().equals(objectName) && Files.exists(folder.resolve(objectName))) {
                    return new ByteArrayInputStream(object.bytes(), (int) offset, (int) length);
                }
            }
            throw new NoSuchFileException(objectName);
        }

        @Override
        public Path file(String objectName) {
            return asFiles ? folder.resolve(objectName) : null;
        }
    }
}
