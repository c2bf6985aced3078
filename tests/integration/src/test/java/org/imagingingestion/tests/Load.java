package org.imagingingestion.tests;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/**
 * Instances that several connections store at a time, and which of them the server has acknowledged. They have numbers, of
 * which each tells the whole of its instance: short ones and long ones, several of a study, the studies interleaved.
 */
final class Load {
    private static final int CONNECTIONS = 6;
    private static final int MOST_OF_A_REQUEST = 4;
    private static final int STUDIES_AT_A_TIME = 4;
    private static final int INSTANCES_OF_A_STUDY = 40;
    private static final int INSTANCES_OF_A_SERIES = 10;
    private static final int SHORT = 30_000;
    private static final int LONG = 250_000;

    /** A connection that instances are stored over. */
    interface Client extends AutoCloseable {
        /**
         * Stores files.
         *
         * @param acknowledged is told the SOP Instance UIDs of those that the server answers for, as it does
         * @return the status of the answer; of several the worst
         * @throws UncheckedIOException where the server is gone
         */
        int store(List<byte[]> files, Consumer<String> acknowledged);

        @Override
        void close();
    }

    private final long seed;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

    /** @param seed from which all follows but the order in which things happen */
    Load(long seed) {
        this.seed = seed;
    }

    /** A load that is being sent. */
    final class Running implements AutoCloseable {
        private final ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
        private final List<Future<?>> ends = new ArrayList<>();
        private volatile boolean stopped;

        private Running(Supplier<Client> clients) {
            int round = next.get();
            for (int i = 0; i < CONNECTIONS; i++) {
                Random random = new Random(seed * 31 + round * 7L + i);
                ends.add(connections.submit(() -> run(clients, random)));
            }
        }

        /** Sends until it is told to stop, or nobody answers. */
        private void run(Supplier<Client> clients, Random random) {
            try (Client client = clients.get()) {
                while (!stopped) {
                    send(client, some(random));
                }
            } catch (UncheckedIOException e) {
                // the server is gone, and what was on its way is not acknowledged
                stopped = true;
            }
        }

        /** Waits until each connection has its last answer. */
        @Override
        public void close() throws Exception {
            stopped = true;
            connections.shutdown();
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    /** Begins to send by STOW-RS. */
    Running start(URI root) {
        return start(() -> stow(new DicomwebClient(root)));
    }

    /** Begins to send. */
    Running start(Supplier<Client> clients) {
        return new Running(clients);
    }

    static Client stow(DicomwebClient client) {
        return new Client() {
            @Override
            public int store(List<byte[]> files, Consumer<String> acknowledged) {
                HttpResponse<byte[]> response = client.store(files);
                if (response.statusCode() == 200 || response.statusCode() == 202) {
                    DicomwebClient.json(response)
                            .path("00081199")
                            .path("Value")
                            .forEach(item -> acknowledged.accept(
                                    DicomwebClient.values(item, "00081155").get(0)));
                }
                return response.statusCode();
            }

            @Override
            public void close() {
                // its connections are closed when nobody uses them
            }
        };
    }

    private List<Integer> some(Random random) {
        List<Integer> numbers = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_OF_A_REQUEST);
        for (int i = 0; i < count; i++) {
            int sent = next.get();
            boolean again = sent > 0 && random.nextInt(6) == 0;
            numbers.add(again ? random.nextInt(sent) : next.getAndIncrement());
        }
        return numbers;
    }

    /** Sends in one request, and notes what is acknowledged. @return the answer's status */
    int send(DicomwebClient client, List<Integer> numbers) {
        return send(stow(client), numbers);
    }

    /** Sends, and notes what is acknowledged. @return the answer's status */
    int send(Client client, List<Integer> numbers) {
        int status = client.store(
                numbers.stream().map(this::file).toList(), instance -> acknowledged.add(numberOf(instance)));
        answers.merge(status, 1, Integer::sum);
        return status;
    }

    /** Numbers that were sent, or were about to be. */
    IntStream sent() {
        return IntStream.range(0, next.get());
    }

    Set<Integer> acknowledged() {
        return acknowledged;
    }

    /** How often the server gave each status. */
    Map<Integer, Integer> answers() {
        return answers;
    }

    String study(int number) {
        int group = number / (STUDIES_AT_A_TIME * INSTANCES_OF_A_STUDY);
        return uid(1, group * STUDIES_AT_A_TIME + number % STUDIES_AT_A_TIME);
    }

    private String series(int number) {
        return uid(
                2,
                number / (STUDIES_AT_A_TIME * INSTANCES_OF_A_SERIES) * STUDIES_AT_A_TIME + number % STUDIES_AT_A_TIME);
    }

    String instance(int number) {
        return uid(3, number);
    }

    private static int numberOf(String instance) {
        return Integer.parseInt(instance.substring(instance.lastIndexOf('.') + 1));
    }

    private String uid(int kind, int number) {
        return "2.25." + seed + '.' + kind + '.' + number;
    }

    /** Where the instance is to be retrieved, below the root of the services. */
    String path(int number) {
        return "studies/" + study(number) + "/series/" + series(number) + "/instances/" + instance(number);
    }

    byte[] file(int number) {
        Random random = new Random(seed + number);
        int length = random.nextInt(5) == 0 ? LONG : random.nextInt(SHORT);
        DataSet header =
                Samples.header(study(number), series(number)).setString(Tag.SOPInstanceUID, VR.UI, instance(number));
        return Samples.file(Samples.pixels(Samples.image(header, 1, length, 1), Samples.bytes(length, seed + number)));
    }

    /** By what it can be made again. */
    @Override
    public String toString() {
        return "seed " + seed;
    }
}
