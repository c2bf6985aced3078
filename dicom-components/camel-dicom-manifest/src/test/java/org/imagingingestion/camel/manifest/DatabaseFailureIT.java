package org.imagingingestion.camel.manifest;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.RecordOutcome.Kind;
import org.imagingingestion.dicom.service.Retrieval.Content;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.imagingingestion.camel.manifest.TestManifest.query;

class DatabaseFailureIT {
    private static void assertOutOfResources(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES))
                .hasNoCause();
    }

    @Test
    void saysThatItCannotNowWhereTheDatabaseIsGone() {
        String database = TestServer.newDatabase();
        AgroalDataSource dataSource = TestServer.pool(database, 4);
        try (TestManifest manifest = new TestManifest(dataSource)) {
            dataSource.close();

            assertOutOfResources(() -> manifest.record(TestInstance.stored(1, 1, 1)));
            assertOutOfResources(() -> manifest.search(query(QueryLevel.STUDY)));
            assertOutOfResources(() -> manifest.locate(Content.LOCATIONS, "1.2", null, null));
            assertOutOfResources(() -> manifest.manifest().inventory().statistics("default"));
        }
    }

    @Test
    void recordsOnceThoughConnectionsBreak() throws Exception {
        try (TestManifest manifest = TestManifest.create();
                AgroalDataSource other = TestServer.pool("postgres", 1)) {
            List<StoredInstance> instances = new ArrayList<>();
            for (int i = 1; i <= 300; i++) {
                instances.add(TestInstance.stored(1 + i % 4, 1, i));
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<CompletableFuture<String>> outcomes = new ArrayList<>();
            for (int i = 0; i < instances.size(); i++) {
                StoredInstance stored = instances.get(i);
                boolean breaks = i % 60 == 30;
                outcomes.add(CompletableFuture.supplyAsync(
                        () -> {
                            if (breaks) {
                                TestServer.rows(
                                        other,
                                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'manifest%'");
                            }
                            try {
                                return manifest.record(stored).kind().name();
                            } catch (DicomException e) {
                                return e.status().name();
                            }
                        },
                        threads));
            }
            for (int i = 0; i < instances.size(); i++) {
                String outcome = outcomes.get(i).get();
                assertThat(outcome).isIn("ADDED", "UNCHANGED", "OUT_OF_RESOURCES");
                if (outcome.equals("OUT_OF_RESOURCES")) {
                    // what was not recorded can be sent again
                    assertThat(manifest.record(instances.get(i)).discard()).isNull();
                }
            }
            threads.shutdown();
            assertThat(manifest.manifest().inventory().statistics("default").instances())
                    .isEqualTo(300);
        }
    }

    @Test
    void goesOnWritingWhateverFails() throws Exception {
        AgroalDataSource dataSource = TestServer.manifest(4);
        List<Throwable> failures =
                new ArrayList<>(List.of(new OutOfMemoryError("made up"), new IllegalStateException("made up")));
        DataSource failing = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && !failures.isEmpty()) {
                        throw failures.remove(0);
                    }
                    return method.invoke(dataSource, arguments);
                });
        Manifest manifest = new Manifest(failing, TestManifest.EVENTS, 500, 30);
        ExecutorService executor = Executors.newFixedThreadPool(1);
        manifest.start(executor, 1);

        assertOutOfResources(() ->
                manifest.recorder().record(TestInstance.stored(1, 1, 1), ConflictPolicy.KEEP_FIRST, null, 10_000));
        assertThatThrownBy(() -> manifest.recorder()
                        .record(TestInstance.stored(1, 1, 1), ConflictPolicy.KEEP_FIRST, null, 10_000))
                .isInstanceOf(DicomException.class);
        assertThat(manifest.recorder()
                        .record(TestInstance.stored(1, 1, 1), ConflictPolicy.KEEP_FIRST, null, 10_000)
                        .kind())
                .isEqualTo(Kind.ADDED);
        manifest.stop();
        executor.shutdown();
        dataSource.close();
    }

    @Test
    void givesUpWhatNoWriterTakesInTimeForGood() throws Exception {
        AgroalDataSource dataSource = TestServer.manifest(4);
        Manifest manifest = new Manifest(dataSource, TestManifest.EVENTS, 500, 30);
        ExecutorService executor = Executors.newFixedThreadPool(1);
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        executor.execute(blocked::join);
        manifest.start(executor, 1);

        assertOutOfResources(
                () -> manifest.recorder().record(TestInstance.stored(1, 1, 1), ConflictPolicy.KEEP_FIRST, null, 50));

        blocked.complete(null);
        assertThat(manifest.recorder()
                        .record(TestInstance.stored(1, 1, 2), ConflictPolicy.KEEP_FIRST, null, 30_000)
                        .kind())
                .isEqualTo(Kind.ADDED);
        assertThat(TestServer.rows(dataSource, "SELECT instance_number FROM manifest.instance"))
                .containsExactly("2");
        manifest.stop();
        assertOutOfResources(() ->
                manifest.recorder().record(TestInstance.stored(1, 1, 3), ConflictPolicy.KEEP_FIRST, null, 30_000));
        executor.shutdown();
        dataSource.close();
    }

    @Test
    void doesNotWaitForeverForAnAnswer() throws Exception {
        AgroalDataSource dataSource = TestServer.manifest(4);
        try (TestManifest manifest = new TestManifest(dataSource);
                java.sql.Connection blocker = dataSource.getConnection();
                java.sql.Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE manifest.study");
            Searcher impatient = new Searcher(dataSource, new Templates(), 1);

            assertOutOfResources(() -> impatient.search(query(QueryLevel.STUDY)));

            blocker.rollback();
        }
    }
}
