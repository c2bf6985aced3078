package org.imagingingestion.camel.events;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LanesTest {
    @Test
    void goOnWhateverIsThrown() {
        ScheduledExecutorService workers = Executors.newScheduledThreadPool(1);
        List<Integer> done = new CopyOnWriteArrayList<>();
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Lanes<Integer> lanes = new Lanes<>(
                workers,
                (things, over) -> {
                    if (isBroken.getAndSet(false)) {
                        throw new AssertionError("Doe^Jane");
                    }
                    done.addAll(things);
                    over.addAll(things);
                    return 0;
                },
                1);
        try {
            lanes.add("a", 1);
            lanes.add("a", 2);

            await().until(() -> done.size() == 2);
            assertThat(done).containsExactly(1, 2);
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void workAgainOnWhatIsNotOver() throws Exception {
        ScheduledExecutorService workers = Executors.newScheduledThreadPool(1);
        List<List<Integer>> done = new CopyOnWriteArrayList<>();
        CountDownLatch isFilled = new CountDownLatch(1);
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Lanes.Work<Integer> work = (things, over) -> {
            done.add(things);
            over.addAll(things);
            // the second and those behind it come once more, after a while
            return things.contains(2) && isBroken.getAndSet(false) && over.remove(2) && over.remove(3) ? 50 : 0;
        };
        workers.execute(() -> awaitUninterrupted(isFilled));
        Lanes<Integer> lanes = new Lanes<>(workers, work, 4);
        try {
            for (int thing = 1; thing <= 6; thing++) {
                lanes.add("a", thing);
            }
            lanes.add("b", 9);
            isFilled.countDown();

            await().until(() -> lanes.all().isEmpty());
            assertThat(done).containsExactly(List.of(1, 2, 3, 4), List.of(9), List.of(2, 3, 5, 6));
        } finally {
            workers.shutdownNow();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
