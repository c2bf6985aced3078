package org.imagingingestion.camel.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on things of one key one after the other, and on those of different keys at once. */
final class Lanes<T> {
    /** Works on things of one key. */
    @FunctionalInterface
    interface Work<T> {
        /**
         * Works on the first of them at least.
         *
         * @param over gets those that are done with
         * @return milliseconds after which the others are to be worked on
         */
        long on(List<T> things, Collection<T> over);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final long MILLIS_AFTER_FAILURE = 1_000;

    private final Map<String, Deque<T>> lanes = new HashMap<>();
    private final ScheduledExecutorService workers;
    private final Work<T> work;
    private final int batchSize;

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
    private long work(List<T> things, Collection<T> over) {
        try {
            return work.on(things, over);
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
        Set<T> over = Collections.newSetFromMap(new IdentityHashMap<>());
        long again = work(next, over);
        synchronized (this) {
            Deque<T> lane = lanes.get(key);
            if (lane == null) {
                return;
            }
            Iterator<T> first = lane.iterator();
            for (int i = 0; i < next.size() && first.hasNext(); i++) {
                if (over.contains(first.next())) {
                    first.remove();
                }
            }
            if (lane.isEmpty()) {
                lanes.remove(key);
            } else {
                start(key, again);
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
