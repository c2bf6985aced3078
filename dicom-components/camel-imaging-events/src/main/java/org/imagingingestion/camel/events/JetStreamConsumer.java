package org.imagingingestion.camel.events;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.DeliveryFailure;
import org.imagingingestion.dicom.event.DeliveryStatistics;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;

/**
 * Takes events from a stream, no more at once than it may hold, and acknowledges each when its route has succeeded. One whose route
 * fails is tried again here, and those behind it in its order wait; the server gives it to another replica where this one ends.
 */
public class JetStreamConsumer extends DefaultConsumer implements EventSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamConsumer.class);
    private static final Duration PULL = Duration.ofSeconds(2);
    private static final long PAUSE = 10;
    private static final long MILLIS_AFTER_FAILURE = 500;
    private static final long MOST_DELAY = 30_000;

    private final JetStreamEndpoint endpoint;
    private final Set<Long> held = ConcurrentHashMap.newKeySet();
    private final AtomicLong heldBytes = new AtomicLong();
    private final Tally tally = new Tally();

    /** Before that, whoever takes the events does not want to hear of any. */
    private volatile long leftAloneUntil = System.nanoTime();

    private NatsConnection connection;
    private Streams streams;
    private Semaphore room;
    private ScheduledThreadPoolExecutor workers;
    private ScheduledExecutorService heartbeats;
    private ExecutorService puller;
    private Lanes<Delivery> lanes;
    private volatile boolean stopping;

    /** An event on its way through the route, and how the server is told what becomes of it. */
    private final class Delivery {
        final long sequence;
        final byte[] data;
        final boolean isPacked;
        final boolean isForAnother;
        final Runnable done;
        final Runnable inWork;
        final Runnable givenBack;
        /** Of those that are processed one after the other. */
        final String order;

        long attempts;

        /** Whether it failed among others, and comes by itself. */
        boolean isAlone;

        /** null where it is to be unpacked each time, as that may be long, or where the data are no event. */
        private final CloudEvent event;

        Delivery(long sequence, Headers headers, byte[] data, Runnable done, Runnable inWork, Runnable givenBack) {
            this.sequence = sequence;
            this.data = data;
            this.done = done;
            this.inWork = inWork;
            this.givenBack = givenBack;
            isPacked = Packing.isPacked(headers);
            String only = Streams.subscription(headers);
            isForAnother = only != null && !only.equals(endpoint.getDurable());
            CloudEvent read = null;
            try {
                read = read();
            } catch (DicomException e) {
                // it is a dead letter when its turn comes
            }
            event = isPacked ? null : read;
            order = read == null
                    ? ""
                    : endpoint.getOrder() == DeliveryOrder.SUBJECT ? read.subject() : read.partitionKey();
        }

        private CloudEvent read() throws DicomException {
            return CloudEventHttp.readStructured(
                    isPacked ? Packing.unpack(data, endpoint.getMaxBytesInFlight()) : data);
        }

        CloudEvent event() throws DicomException {
            return event == null ? read() : event;
        }
    }

    private Delivery delivery(Message message) {
        return new Delivery(
                message.metaData().streamSequence(),
                message.getHeaders(),
                message.getData(),
                message::ack,
                message::inProgress,
                message::nak);
    }

    JetStreamConsumer(JetStreamEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    /** Events that are held, in work or waiting. */
    public int inFlight() {
        return held.size();
    }

    /** The name of the consumer at the server. */
    @Override
    public String subscription() {
        return endpoint.getDurable();
    }

    /** Events processed since the start. */
    @Override
    public long delivered() {
        return tally.delivered();
    }

    /** Attempts that failed since the start. */
    @Override
    public long failures() {
        return tally.failures();
    }

    /** Events that went to the dead letters since the start. */
    public long deadLetters() {
        return tally.dead();
    }

    /** What is pending at the server, for any replica; what is held here where that does not answer. */
    @Override
    public DeliveryStatistics statistics() {
        long pending = inFlight();
        Duration lag = Duration.ZERO;
        try {
            JetStreamManagement management = connection.get().jetStreamManagement(streams.options());
            String stream = streams.name(endpoint.getType());
            ConsumerInfo info = management.getConsumerInfo(stream, endpoint.getDurable());
            pending = info.getNumPending() + info.getNumAckPending();
            lag = pending == 0 ? Duration.ZERO : lag(management, stream, info);
        } catch (DicomException | IOException | JetStreamApiException | RuntimeException e) {
            LOG.debug(
                    "The broker does not say what is pending: {}", e.getClass().getName());
        }
        return tally.statistics(subscription(), type(), pending, lag);
    }

    private Duration lag(JetStreamManagement management, String stream, ConsumerInfo consumer)
            throws IOException, JetStreamApiException {
        long first = consumer.getAckFloor().getStreamSequence() + 1;
        MessageInfo oldest = Streams.next(management, stream, first, streams.subject(endpoint.getType()));
        if (oldest == null) {
            return Duration.ZERO;
        }
        Duration waited = Duration.between(oldest.getTime().toInstant(), Instant.now());
        return waited.isNegative() ? Duration.ZERO : waited;
    }

    /**
     * Dead letters of this broker that nobody has replayed, by the type of the event.
     *
     * @throws DicomException OUT_OF_RESOURCES where the broker does not answer
     */
    public Map<String, Long> keptDeadLetters() throws DicomException {
        return new DeadLetters(connection, streams, endpoint.getMaxBytesInFlight()).counts();
    }

    /** The type of the events that are taken. */
    public String type() {
        return endpoint.getType();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        stopping = false;
        connection = endpoint.getComponent().connection();
        streams = new Streams(connection, endpoint);
        room = new Semaphore(endpoint.getMaxInFlight());
        var executors = endpoint.getCamelContext().getExecutorServiceManager();
        workers = new ScheduledThreadPoolExecutor(
                endpoint.getConcurrentConsumers(),
                new CamelThreadFactory(executors.getThreadNamePattern(), "JetStreamWorker", true));
        workers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        lanes = new Lanes<>(workers, this::work, endpoint.getBatchSize());
        long heartbeat = endpoint.getAckWait() / 3;
        heartbeats = executors.newSingleThreadScheduledExecutor(this, "JetStreamHeartbeat");
        heartbeats.scheduleWithFixedDelay(this::keepHeld, heartbeat, heartbeat, TimeUnit.MILLISECONDS);
        puller = executors.newSingleThreadExecutor(this, "JetStreamPuller");
        puller.execute(this::pull);
    }

    @Override
    protected void doStop() throws Exception {
        stopping = true;
        if (puller == null) {
            // it has not been started, as something else of the route could not be
            super.doStop();
            return;
        }
        var executors = endpoint.getCamelContext().getExecutorServiceManager();
        // the server forgets what was asked for when that is over; what is given back is not to come here again
        puller.shutdown();
        executors.awaitTermination(puller, PULL.multipliedBy(2).toMillis());
        // what has not begun does not begin
        executors.shutdownGraceful(workers);
        executors.shutdownNow(heartbeats);
        // another replica takes them at once, rather than when their time is over
        lanes.clear().forEach(delivery -> tell(delivery.givenBack));
        held.clear();
        heldBytes.set(0);
        super.doStop();
    }

    /** The server does not give what is still worked on to others. */
    private void keepHeld() {
        try {
            lanes.all().forEach(delivery -> tell(delivery.inWork));
        } catch (Throwable e) {
            // it would not be done again
            LOG.warn("The broker is not told what is in work: {}", e.getClass().getName());
        }
    }

    /** Tells the server; where it does not hear, it gives the event once more. */
    private static void tell(Runnable message) {
        try {
            message.run();
        } catch (RuntimeException e) {
            LOG.debug("An acknowledgement is lost", e);
        }
    }

    private void pull() {
        boolean told = false;
        while (!stopping) {
            try {
                JetStreamSubscription subscription = subscribe(connection.get());
                told = false;
                try {
                    while (!stopping && connection.isConnected()) {
                        if (!take(subscription)) {
                            takeForgotten(connection.get(), subscription.getConsumerInfo());
                        }
                    }
                } finally {
                    tell(subscription::unsubscribe);
                }
            } catch (DicomException | JetStreamApiException e) {
                told = tell(told, e.getMessage());
                pause();
            } catch (Throwable e) {
                // whatever it is: without this thread no more would be taken
                told = tell(told, e.getClass().getName());
                pause();
            }
        }
    }

    private boolean tell(boolean isTold, String reason) {
        boolean isNews = !isTold && connection.isConnected() && !stopping;
        if (isNews) {
            LOG.warn("No {} can be taken, which is tried again: {}", endpoint.getType(), reason);
        }
        return isTold || isNews;
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(MILLIS_AFTER_FAILURE);
        } catch (InterruptedException e) {
            // whoever wants it to end says so by stopping
        }
    }

    private JetStreamSubscription subscribe(Connection nats) throws IOException, JetStreamApiException {
        String stream = streams.name(endpoint.getType());
        streams.make(nats, endpoint.getType());
        nats.jetStreamManagement(streams.options())
                .addOrUpdateConsumer(
                        stream,
                        ConsumerConfiguration.builder()
                                .durable(endpoint.getDurable())
                                .ackPolicy(AckPolicy.Explicit)
                                .ackWait(Duration.ofMillis(endpoint.getAckWait()))
                                .maxAckPending(endpoint.getMaxAckPending())
                                .maxDeliver(-1)
                                .build());
        return nats.jetStream(streams.options())
                .subscribe(null, PullSubscribeOptions.bind(stream, endpoint.getDurable()));
    }

    /**
     * Takes as many events as there is room for, and returns when they are there or none came for a while.
     *
     * @return whether there may be more
     */
    private boolean take(JetStreamSubscription subscription)
            throws InterruptedException, IOException, JetStreamApiException, DicomException {
        // the server stops before a message that does not fit, so that one of any length has to
        long bytes = endpoint.getMaxBytesInFlight() - heldBytes.get();
        long least = Math.min(2 * connection.get().getMaxPayload(), endpoint.getMaxBytesInFlight());
        if (bytes < least || !room.tryAcquire(PAUSE, TimeUnit.MILLISECONDS)) {
            TimeUnit.MILLISECONDS.sleep(PAUSE);
            return true;
        }
        int free = 1 + room.drainPermits();
        try {
            subscription.pull(PullRequestOptions.builder(free)
                    .expiresIn(PULL)
                    .maxBytes(bytes)
                    .build());
            long end = System.nanoTime() + PULL.plusSeconds(1).toNanos();
            while (free > 0 && connection.isConnected()) {
                Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
                Message message = subscription.nextMessage(left);
                if (message == null) {
                    return false;
                }
                if (message.isJetStream()) {
                    free--;
                    accept(delivery(message));
                }
            }
            return true;
        } finally {
            room.release(free);
        }
    }

    /**
     * Takes what a server that was killed has in its stream still though its consumer is past it. Such messages it never gives again,
     * and where they are many it refuses new ones. They were processed, or the server lost its place: to process them once more is
     * right in both cases.
     */
    private void takeForgotten(Connection nats, ConsumerInfo consumer)
            throws InterruptedException, IOException, JetStreamApiException {
        JetStreamManagement management = nats.jetStreamManagement(streams.options());
        String stream = consumer.getStreamName();
        StreamInfo info = management.getStreamInfo(stream);
        if (info.getConfiguration().getRetentionPolicy() != RetentionPolicy.WorkQueue) {
            return;
        }
        String subject = info.getConfiguration().getSubjects().get(0);
        long floor = consumer.getAckFloor().getStreamSequence();
        long next = Math.max(1, info.getStreamState().getFirstSequence());
        while (next <= floor && !stopping) {
            MessageInfo forgotten = Streams.next(management, stream, next, subject);
            if (forgotten == null || forgotten.getSeq() > floor) {
                return;
            }
            long sequence = forgotten.getSeq();
            next = sequence + 1;
            if (heldBytes.get() >= endpoint.getMaxBytesInFlight()
                    || !room.tryAcquire(PULL.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            Runnable remove = () -> remove(management, stream, sequence);
            accept(new Delivery(sequence, forgotten.getHeaders(), forgotten.getData(), remove, () -> {}, () -> {}));
        }
    }

    private static void remove(JetStreamManagement management, String stream, long sequence) {
        try {
            management.deleteMessage(stream, sequence, false);
        } catch (IOException | JetStreamApiException e) {
            LOG.debug("A message is not removed, and is taken once more", e);
        }
    }

    private void accept(Delivery delivery) {
        if (delivery.isForAnother) {
            // which has it replayed
            room.release();
            tell(delivery.done);
            return;
        }
        if (!held.add(delivery.sequence)) {
            // given again, as the server did not hear of it in time
            room.release();
            return;
        }
        heldBytes.addAndGet(delivery.data.length);
        lanes.add(delivery.order, delivery);
    }

    private void over(Delivery delivery) {
        held.remove(delivery.sequence);
        heldBytes.addAndGet(-delivery.data.length);
        room.release();
    }

    /** Has the route take several events of a study at once where none of them has failed, else the first. */
    private long work(List<Delivery> deliveries, Collection<Delivery> over) {
        long leftAlone = TimeUnit.NANOSECONDS.toMillis(leftAloneUntil - System.nanoTime());
        if (leftAlone > 0) {
            return leftAlone + ThreadLocalRandom.current().nextLong(PAUSE) + 1;
        }
        List<Delivery> first = isTogether(deliveries) ? deliveries : deliveries.subList(0, 1);
        Map<Delivery, CloudEvent> events = new LinkedHashMap<>();
        for (Delivery delivery : first) {
            try {
                events.put(delivery, delivery.event());
            } catch (DicomException e) {
                return bury(delivery, null, e.getMessage(), over);
            }
        }
        Set<String> taken = new HashSet<>();
        Throwable problem = route(
                taken,
                first.size() == 1
                        ? message -> EventMessage.set(message, events.get(first.get(0)))
                        : message -> EventMessage.set(message, List.copyOf(events.values())));
        if (problem == null) {
            first.forEach(delivery -> delivered(delivery, events.get(delivery), over));
            return 0;
        }
        return first.size() == 1
                ? failed(first.get(0), events.get(first.get(0)), DeliveryFailure.of(problem), over)
                : sort(events, taken, DeliveryFailure.of(problem), over);
    }

    private boolean isTogether(List<Delivery> deliveries) {
        return deliveries.stream().allMatch(delivery -> delivery.attempts == 0 && !delivery.isAlone);
    }

    private void delivered(Delivery delivery, CloudEvent event, Collection<Delivery> over) {
        tally.delivered(event.id());
        tell(delivery.done);
        end(delivery, over);
    }

    private void end(Delivery delivery, Collection<Delivery> over) {
        over.add(delivery);
        over(delivery);
    }

    /**
     * Those that were taken are done with. Which of the others it is shows when each comes alone: at once where the failure is
     * final, else the first of them is to be tried again.
     */
    private long sort(
            Map<Delivery, CloudEvent> events, Set<String> taken, DeliveryFailure failure, Collection<Delivery> over) {
        LOG.debug("Events are not taken together: {}", failure.reason());
        // to fail among others is no event's last attempt
        boolean isHeld = failure.isFinal() || isTired(1, failure);
        long again = 0;
        for (Map.Entry<Delivery, CloudEvent> each : events.entrySet()) {
            if (taken.contains(each.getValue().sopInstanceUID())) {
                delivered(each.getKey(), each.getValue(), over);
            } else {
                each.getKey().isAlone = true;
                if (!isHeld) {
                    again = failed(each.getKey(), each.getValue(), failure, over);
                    isHeld = true;
                }
            }
        }
        return again;
    }

    /** @return milliseconds after which it is to be tried again, 0 where it is done with */
    private long failed(Delivery delivery, CloudEvent event, DeliveryFailure failure, Collection<Delivery> over) {
        tally.failed(event.id(), failure.reason());
        delivery.attempts++;
        if (failure.isFinal() || isTired(delivery.attempts, failure)) {
            return bury(delivery, event, failure.reason(), over);
        }
        if (delivery.attempts == 1) {
            LOG.warn("{} does not take an event now: {}", subscription(), failure.reason());
        }
        leaveAlone(failure.retryAfter());
        return Math.max(failure.retryAfter(), delay(delivery));
    }

    private boolean isTired(long attempts, DeliveryFailure failure) {
        int most = endpoint.getMaxAttempts();
        return most > 0 && attempts >= most && !failure.isOutage();
    }

    private void leaveAlone(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (millis > 0 && until - leftAloneUntil > 0) {
            leftAloneUntil = until;
        }
    }

    /** @param taken gets the instances of those that are done with all the same @return why the event is not processed, null where it is */
    private Throwable route(Set<String> taken, Consumer<org.apache.camel.Message> description) {
        Exchange exchange = createExchange(false);
        try {
            description.accept(exchange.getIn());
            getProcessor().process(exchange);
            for (Object each : exchange.getProperty(ServiceHeaders.TAKEN, Set.of(), Set.class)) {
                taken.add((String) each);
            }
            return exchange.getException() == null && exchange.isRollbackOnly()
                    ? new IllegalStateException("The route rolled back")
                    : exchange.getException();
        } catch (Throwable e) {
            return e;
        } finally {
            releaseExchange(exchange, false);
        }
    }

    /** @param event null where the data are none @return as {@link #failed} */
    private long bury(Delivery delivery, CloudEvent event, String reason, Collection<Delivery> over) {
        try {
            // each consumer has a dead letter of its own
            String id = (event == null ? "" : event.id()) + "-" + delivery.sequence + "-" + endpoint.getDurable();
            streams.bury(endpoint.getType(), id, endpoint.getDurable(), reason, delivery.data, delivery.isPacked);
            tell(delivery.done);
            tally.died(event == null ? "" : event.id(), reason);
            LOG.error("An {} goes to the dead letters: {}", endpoint.getType(), reason);
            end(delivery, over);
            return 0;
        } catch (DicomException e) {
            if (e.isFinal()) {
                // others go on; the server gives it again when its time is over
                LOG.error("An {} cannot go to the dead letters: {}", endpoint.getType(), e.getMessage());
                end(delivery, over);
                return 0;
            }
            delivery.attempts++;
            return delay(delivery);
        }
    }

    private long delay(Delivery delivery) {
        long doubled = endpoint.getRetryDelay() << Math.min(delivery.attempts - 1, 10);
        long most = Math.max(2, Math.min(doubled, MOST_DELAY));
        return ThreadLocalRandom.current().nextLong(most / 2, most) + 1;
    }
}
