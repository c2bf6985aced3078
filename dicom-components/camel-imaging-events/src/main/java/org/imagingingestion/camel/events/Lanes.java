package org.imagingingestion.camel.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on things of one key one after the other, and on those of different keys at once. */
final class Lanes<T> {
    /** Works on one thing. */
    interface Work<T> {
        /** @return 0 where it is done with, else milliseconds after which it is to be worked on again */
        long on(T thing);

        /** Works on several of one key at once. @return whether they are done with; else each is worked on by itself */
        default boolean onAll(List<T> things) {
            return false;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final long MILLIS_AFTER_FAILURE = 1_000;
    private static final long ALL = -1;

    private final Map<String, Deque<T>> lanes = new HashMap<>();
    private final ScheduledExecutorService workers;
    private final Work<T> work;
    private final int batchSize;

    Lanes(ScheduledExecutorService workers, Work<T> work) {
        this(workers, work, 1);
    }

    /** @param batchSize most things of a key that are worked on at once */
    Lanes(ScheduledExecutorService workers, Work<T> work, int batchSize) {
        this.workers = workers;
        this.work = work;
        this.batchSize = batchSize;
    }

    synchronized void add(String key, T thing) {
        Deque<T> lane = lanes.get(key);
        if (lane != null) {
            lane.add(thing);
            return;
        }
        lanes.put(key, new ArrayDeque<>(List.of(thing)));
        start(key, 0);
    }

    private void start(String key, long delay) {
        try {
            workers.schedule(() -> workOn(key), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // it is being stopped, and what is left is for clear()
            return;
        }
    }

    /** A lane goes on whatever becomes of the work: nobody else starts it again. */
    private long work(List<T> things) {
        try {
            return things.size() > 1 && work.onAll(things) ? ALL : work.on(things.get(0));
        } catch (Throwable e) {
            LOG.error("What fails is tried again: {}", e.getClass().getName());
            return MILLIS_AFTER_FAILURE;
        }
    }

    private void workOn(String key) {
        List<T> next;
        synchronized (this) {
            Deque<T> lane = lanes.get(key);
            if (lane == null) {
                return;
            }
            next = lane.stream().limit(batchSize).toList();
        }
        long again = work(next);
        synchronized (this) {
            Deque<T> lane = lanes.get(key);
            if (lane == null) {
                return;
            }
            for (int done = again == ALL ? next.size() : again == 0 ? 1 : 0; done > 0; done--) {
                lane.poll();
            }
            if (lane.isEmpty()) {
                lanes.remove(key);
            } else {
                start(key, Math.max(0, again));
            }
        }
    }

    /** All that is not done with. */
    synchronized List<T> all() {
        List<T> all = new ArrayList<>();
        lanes.values().forEach(all::addAll);
        return all;
    }

    /** Forgets all. @return what it was */
    synchronized List<T> clear() {
        List<T> all = all();
        lanes.clear();
        return all;
    }
}
