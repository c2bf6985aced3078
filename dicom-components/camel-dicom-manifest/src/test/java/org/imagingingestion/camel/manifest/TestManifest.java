package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.StoredInstance;

import io.agroal.api.AgroalDataSource;

/** A manifest without the rest of Camel, on its own connections. */
final class TestManifest implements AutoCloseable {
    static final AvailableEvents EVENTS = new AvailableEvents("test", "http://wado");

    private static final int WRITERS = 2;
    private static final long TIMEOUT = 30_000;

    private final AgroalDataSource dataSource;
    private final Manifest manifest;
    private final ExecutorService executor = Executors.newFixedThreadPool(WRITERS);

    TestManifest(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
        manifest = new Manifest(dataSource, EVENTS, 500, 30);
        manifest.start(executor, WRITERS);
    }

    static TestManifest create() {
        return new TestManifest(TestServer.manifest(12));
    }

    AgroalDataSource dataSource() {
        return dataSource;
    }

    Manifest manifest() {
        return manifest;
    }

    RecordOutcome record(StoredInstance stored) throws DicomException {
        return record(stored, ConflictPolicy.KEEP_FIRST);
    }

    RecordOutcome record(StoredInstance stored, ConflictPolicy policy) throws DicomException {
        return manifest.recorder().record(stored, policy, null, TIMEOUT);
    }

    RetrievalResult locate(Retrieval.Content content, String study, String series, String instance)
            throws DicomException {
        return manifest.locator().locate(new Retrieval("default", study, series, instance, content));
    }

    static MatchingKey key(int tag, String... values) {
        return new MatchingKey(List.of(tag), Dictionary.vrOf(tag), List.of(values));
    }

    static MatchingKey itemKey(int sequence, int tag, String... values) {
        return new MatchingKey(List.of(sequence, tag), Dictionary.vrOf(tag), List.of(values));
    }

    static Query query(QueryLevel level, MatchingKey... keys) {
        return new Query("default", level, List.of(keys), List.of(), false, false, 10_000, 0);
    }

    QueryResult search(Query query) throws DicomException {
        return manifest.searcher().search(query);
    }

    /** The matches as text. */
    List<String> found(Query query) throws DicomException {
        List<String> found = new ArrayList<>();
        for (byte[] match : search(query).matches()) {
            found.add(new String(match, StandardCharsets.UTF_8));
        }
        return found;
    }

    List<String> rows(String sql) {
        return TestServer.rows(dataSource, sql);
    }

    @Override
    public void close() {
        manifest.stop();
        executor.shutdown();
        dataSource.close();
    }
}
