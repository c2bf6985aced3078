package org.imagingingestion.dicom.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.imagingingestion.dicom.net.TestPeer.CT;
import static org.imagingingestion.dicom.net.TestPeer.EXPLICIT;

/** How associations end when this side does. */
class AcceptorEndTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Association associate() throws IOException {
        return server.associate(contexts -> contexts.add(new PresentationContext(1, CT, List.of(EXPLICIT))));
    }

    private static DimseStatus store(Association association) throws Exception {
        return new ServiceUser(association)
                .store(association.context(CT), "1.2.3", null, DataSetSource.of(new ByteArrayInputStream(new byte[8])));
    }

    private static void awaitLatch(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void abortsAtOnceWhatWaitsForARequest() throws Exception {
        server = TestServer.start();
        Association idle = associate();
        assertThat(store(idle).isSuccess()).isTrue();

        CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(this::end);

        assertThatThrownBy(() -> idle.serve((association, request) -> {}))
                .isInstanceOf(AssociationAbortedException.class)
                .hasMessageStartingWith("The peer aborted");
        assertThat(end.get(20, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() ->
                assertThat(server.problems).extracting(Throwable::getMessage).containsExactly("This side stops"));
        assertThatThrownBy(this::associate).isInstanceOf(IOException.class);
    }

    @Test
    void answersFirstWhatWasAskedFor() throws Exception {
        server = TestServer.on()
                .handler((association, request) -> {
                    begun.countDown();
                    awaitLatch(done);
                    association.respond(request, DimseStatus.SUCCESS);
                })
                .start();
        Association busy = associate();
        CompletableFuture<DimseStatus> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return store(busy);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        awaitLatch(begun);

        CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(this::end);
        await().until(() -> !server.acceptor().isListening());
        done.countDown();

        assertThat(answer.get(20, TimeUnit.SECONDS).isSuccess()).isTrue();
        assertThatThrownBy(() -> store(busy)).isInstanceOf(IOException.class);
        assertThat(end.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void doesNotWaitForAPeerThatDoesNotCloseItsConnection() throws Exception {
        server = TestServer.start();
        associate();
        await().until(() -> server.acceptor().associations() == 1);

        assertThat(server.acceptor().end(LONG)).isTrue();
    }

    @Test
    void saysWhatDoesNotEndInTime() throws Exception {
        server = TestServer.on()
                .handler((association, request) -> {
                    begun.countDown();
                    awaitLatch(done);
                })
                .start();
        Association busy = associate();
        CompletableFuture.runAsync(() -> {
            try {
                store(busy);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        awaitLatch(begun);

        assertThat(server.acceptor().end(Duration.ofMillis(100))).isFalse();
        done.countDown();
    }

    private boolean end() {
        try {
            return server.acceptor().end(LONG);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
