package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.dicom.DicomException;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.PublishAck;

/** Publishes events at NATS, and waits until it has them. */
final class Publisher {
    private static final String SUBJECT = "imaging.events.";
    private static final int MOST_UNDER_WAY = 1000;

    private Publisher() {}

    /** Takes an event. */
    interface Sink {
        void accept(byte[] event) throws IOException, ExecutionException, InterruptedException;
    }

    /** Makes events. */
    interface Source {
        void give(Sink sink) throws IOException, DicomException, ExecutionException, InterruptedException;
    }

    static void publish(int natsPort, String type, Source source) {
        Options options =
                new Options.Builder().server("nats://127.0.0.1:" + natsPort).build();
        try (Connection nats = Nats.connect(options)) {
            JetStream stream = nats.jetStream();
            Deque<CompletableFuture<PublishAck>> underWay = new ArrayDeque<>();
            source.give(event -> {
                underWay.add(stream.publishAsync(SUBJECT + type, event));
                if (underWay.size() > MOST_UNDER_WAY) {
                    underWay.remove().get();
                }
            });
            for (CompletableFuture<PublishAck> one : underWay) {
                one.get();
            }
        } catch (IOException | DicomException | ExecutionException e) {
            throw new BenchFailure("events could not be published: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("interrupted", e);
        }
    }
}
