package org.imagingingestion.camel.dicomweb;

import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.StoreResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The producer against the consumer. */
class StowRoundTripIT {
    private static final int LARGE = 300_000_000;
    /** What sockets and buffers on the way may have. */
    private static final long ON_THE_WAY = 24_000_000;

    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final AtomicLong received = new AtomicLong();
    private volatile RecordOutcome.Kind outcome = RecordOutcome.Kind.ADDED;
    private volatile boolean counting;
    private final TestProducer producer = new TestProducer();
    private DicomwebTestServer server;
    private String uri;

    @BeforeEach
    void start() throws Exception {
        server = new DicomwebTestServer(new RouteBuilder() {
            @Override
            public void configure() {
                from("stow:/dicom-web?maxRequestSize=1000000000").process(StowRoundTripIT.this::keep);
            }
        });
        uri = "stow:" + server.uri("/dicom-web") + "?retryDelay=1";
    }

    @AfterEach
    void stop() {
        producer.close();
        server.close();
    }

    private void keep(Exchange exchange) throws Exception {
        InstanceBody body = exchange.getIn().getBody(InstanceBody.class);
        if (counting) {
            byte[] chunk = new byte[64 << 10];
            for (int n = body.stream().read(chunk); n >= 0; n = body.stream().read(chunk)) {
                received.addAndGet(n);
            }
        } else {
            stored.put(body.dataSet().string(Tag.SOPInstanceUID), body.stream().readAllBytes());
        }
        exchange.getMessage().setBody(new RecordOutcome(outcome, null));
    }

    @Test
    void storesManyInstancesByteForByte() throws Exception {
        List<byte[]> files = IntStream.range(0, 25)
                .mapToObj(i -> {
                    try {
                        return TestProducer.file("1.2", "1.2.3." + i, 20_000 * i);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();

        StoreResult result = producer.store(uri + "&batchSize=10", files);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.instances())
                .extracting(StoreResult.Instance::retrieveUrl)
                .contains(server.uri("/dicom-web/studies/1.2/series/1.2.9/instances/1.2.3.7") + "");
        for (int i = 0; i < 25; i++) {
            assertThat(stored.get("1.2.3." + i)).isEqualTo(files.get(i));
        }
    }

    @Test
    void tellsWarningsAndRefusals() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 10);
        outcome = RecordOutcome.Kind.KEPT_FIRST;
        assertThat(producer.store(uri, file).instances().get(0).status())
                .isEqualTo(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS_WARNING);

        outcome = RecordOutcome.Kind.REFUSED;
        assertThatThrownBy(() -> producer.store(uri, file))
                .isInstanceOfSatisfying(StoreFailedException.class, failure -> {
                    assertThat(failure.status()).isEqualTo(DicomStatus.DUPLICATE_SOP_INSTANCE);
                    assertThat(failure.httpStatus()).isEqualTo(409);
                });

        assertThatThrownBy(() -> producer.send(uri, file, Map.of(DicomwebConstants.STUDY_INSTANCE_UID, "9.9")))
                .isInstanceOfSatisfying(StoreFailedException.class, failure -> assertThat(failure.status())
                        .isEqualTo(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS));
    }

    @Test
    void holdsNothingOfALargeInstance() throws Exception {
        counting = true;
        AtomicLong made = new AtomicLong();
        AtomicLong most = new AtomicLong();
        Iterator<InputStream> two = IntStream.range(1, 3)
                .mapToObj(i -> {
                    try {
                        long before = made.get();
                        return TestProducer.generated("1.2.3." + i, LARGE / 2, n -> {
                            made.set(before + n);
                            most.accumulateAndGet(made.get() - received.get(), Math::max);
                        });
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .iterator();

        StoreResult result = producer.store(uri, two);

        assertThat(result.isComplete()).isTrue();
        assertThat(received.get()).isEqualTo(made.get()).isGreaterThan(LARGE);
        assertThat(most.get()).isLessThan(ON_THE_WAY);
    }

    @Test
    void isUsedByManyThreadsAtOnce() throws Exception {
        byte[] file = TestProducer.file("1.2", "1.2.3.1", 100_000);
        List<Exception> failures = new CopyOnWriteArrayList<>();
        List<Thread> threads = IntStream.range(0, 12)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        for (int j = 0; j < 20; j++) {
                            producer.store(uri + "&maxConnections=4", file);
                        }
                    } catch (Exception e) {
                        failures.add(e);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
    }
}
