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
        Lanes<Integer> lanes = new Lanes<>(workers, thing -> {
            if (isBroken.getAndSet(false)) {
                throw new AssertionError("Doe^Jane");
            }
            done.add(thing);
            return 0;
        });
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
    void workOnSeveralOfAKeyAtOnceAndOnEachWhereThatFails() throws Exception {
        ScheduledExecutorService workers = Executors.newScheduledThreadPool(1);
        List<List<Integer>> done = new CopyOnWriteArrayList<>();
        CountDownLatch isFilled = new CountDownLatch(1);
        Lanes.Work<Integer> work = new Lanes.Work<>() {
            @Override
            public long on(Integer thing) {
                done.add(List.of(thing));
                return 0;
            }

            @Override
            public boolean onAll(List<Integer> things) {
                done.add(things);
                return !things.contains(4);
            }
        };
        workers.execute(() -> awaitUninterrupted(isFilled));
        Lanes<Integer> lanes = new Lanes<>(workers, work, 3);
        try {
            for (int thing = 1; thing <= 5; thing++) {
                lanes.add("a", thing);
            }
            lanes.add("b", 9);
            isFilled.countDown();

            await().until(() -> lanes.all().isEmpty());
            assertThat(done)
                    .containsSubsequence(List.of(1, 2, 3), List.of(4, 5), List.of(4), List.of(5))
                    .contains(List.of(9))
                    .hasSize(5);
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
