package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.service.UnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@Timeout(50)
class PartBuffersTest {
    private static final int PART = 2 << 20;
    private static final long EVER = Long.MAX_VALUE;
    private static final byte[] SHORT = new byte[64 << 10];

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void haveAllBytesOfAnObject() throws Exception {
        byte[] object = new byte[2 * PART + 5];
        new Random(1).nextBytes(object);
        InputStream in = new ByteArrayInputStream(object);
        PartBuffers buffers = new PartBuffers(PART, 2 * PART, EVER);

        try (PartBuffers.Buffer buffer = buffers.begin(in.readNBytes(SHORT.length))) {
            assertThat(buffer.fill(in)).isTrue();
            assertThat(buffer.length()).isEqualTo(PartBuffers.START);
            buffer.enlarge();
            assertThat(buffer.fill(in)).isTrue();
            assertThat(buffer.bytes()).isEqualTo(Arrays.copyOf(object, PART));
            buffer.refill(in);
            assertThat(buffer.length()).isEqualTo(PART);
            buffer.refill(in);
            assertThat(buffer.length()).isEqualTo(5);
            assertThat(buffer.bytes()).startsWith(Arrays.copyOfRange(object, 2 * PART, 2 * PART + 5));
            buffer.refill(in);
            assertThat(buffer.length()).isZero();
        }
    }

    /** Two parts of memory are two starts, which take no more than comes, and what one of them becomes. */
    @Test
    void countStartsAsWellAsParts() throws Exception {
        PartBuffers buffers = new PartBuffers(PART, 2 * PART, EVER);
        List<PartBuffers.Buffer> starts = new ArrayList<>(List.of(buffers.begin(SHORT), buffers.begin(SHORT)));
        CompletableFuture<PartBuffers.Buffer> third = CompletableFuture.supplyAsync(() -> begin(buffers), threads);
        await().until(() -> buffers.waiting() == 1);
        assertThat(third).isNotDone();

        // there is room for one part beside all starts, so that one of them always goes on
        starts.get(0).enlarge();
        PartBuffers.Buffer begun = third.get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> enlarge(starts.get(1)), threads);
        await().until(() -> buffers.waiting() == 1);
        starts.get(0).close();
        second.get(20, TimeUnit.SECONDS);

        begun.close();
        starts.get(1).close();
        assertThat(buffers.waiting()).isZero();
    }

    @Test
    void areNotKeptByASenderThatTricklesWhileOthersWait() throws Exception {
        PartBuffers buffers = new PartBuffers(PART, 2 * PART, 0);
        PartBuffers.Buffer other = buffers.begin(SHORT);
        try (PartBuffers.Buffer slow = buffers.begin(SHORT)) {
            assertThat(slow.fill(new ByteArrayInputStream(new byte[10]))).isFalse();

            CompletableFuture<PartBuffers.Buffer> waiting =
                    CompletableFuture.supplyAsync(() -> begin(buffers), threads);
            await().until(() -> buffers.waiting() == 1);
            assertThatThrownBy(() -> slow.fill(new ByteArrayInputStream(new byte[10])))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("The sender is too slow while others wait");
            other.close();
            waiting.get(20, TimeUnit.SECONDS).close();
        }
    }

    private static PartBuffers.Buffer begin(PartBuffers buffers) {
        try {
            return buffers.begin(SHORT);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void enlarge(PartBuffers.Buffer buffer) {
        try {
            buffer.enlarge();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
