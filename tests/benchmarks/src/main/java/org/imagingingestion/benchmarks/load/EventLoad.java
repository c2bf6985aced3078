package org.imagingingestion.benchmarks.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.server.Server;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.event.CloudEventHttp;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;

/** Tells an event processor over NATS of instances that were stored, and waits until all of them are recorded. */
public final class EventLoad {
    /** As many are held at once. */
    private static final int MOST_STUDIES = 100;

    private EventLoad() {}

    /**
     * Makes the events before the time counts; each instance has another.
     *
     * @param first the number of the first study; there are a hundred instances to a study
     */
    public static LoadResult run(int natsPort, Server processor, InstanceTemplate template, int first, int studies) {
        LoadResult all = new LoadResult(0, 0, 0, 0, 0);
        for (int done = 0; done < studies; done += MOST_STUDIES) {
            LoadResult one =
                    record(natsPort, processor, events(template, first + done, Math.min(MOST_STUDIES, studies - done)));
            all = new LoadResult(
                    all.items() + one.items(), all.bytes() + one.bytes(), all.seconds() + one.seconds(), 0, 0);
        }
        return all;
    }

    /** Has them recorded by the component alone. @param recording a server of the class of that name */
    public static LoadResult inBatches(Server recording, int first, int studies) {
        try {
            String[] figures = Get.of("/record?" + first + "-" + studies, "*/*")
                    .send(recording.port())
                    .text()
                    .split(" ");
            return new LoadResult(
                    Long.parseLong(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2]) / 1e9, 0, 0);
        } catch (IOException e) {
            throw new BenchFailure("events are not recorded: " + e.getMessage(), e);
        }
    }

    /** Events of tiny instances, in structured mode. */
    public static List<byte[]> events(int first, int studies) {
        return events(InstanceTemplate.of(ObjectKind.TINY), first, studies);
    }

    private static List<byte[]> events(InstanceTemplate template, int first, int studies) {
        List<byte[]> events = new ArrayList<>();
        try {
            for (int study = first; study < first + studies; study++) {
                for (int i = 0; i < InstanceName.PER_STUDY; i++) {
                    events.add(event(template, InstanceName.of(study, i)));
                }
            }
        } catch (IOException | DicomException e) {
            throw new BenchFailure("events could not be made: " + e.getMessage(), e);
        }
        return events;
    }

    private static LoadResult record(int natsPort, Server processor, List<byte[]> events) {
        long before = Processed.by(processor);
        long start = System.nanoTime();
        Publisher.publish(natsPort, ImageStoredEvent.TYPE, publish -> {
            for (byte[] event : events) {
                publish.accept(event);
            }
        });
        Processed.await(processor, before + events.size());
        double seconds = (System.nanoTime() - start) / 1e9;
        return new LoadResult(
                events.size(), events.stream().mapToLong(event -> event.length).sum(), seconds, 0, 0);
    }

    private static byte[] event(InstanceTemplate template, InstanceName name) throws IOException, DicomException {
        try (InstanceBody body =
                InstanceBody.receive(new ByteArrayInputStream(template.file(name)), ParseLimits.STREAMING)) {
            body.stream().transferTo(OutputStream.nullOutputStream());
            StoredInstance stored = new StoredInstance(
                    "default",
                    "default/" + name.studyUid() + "/" + name.seriesUid() + "/" + name.instanceUid() + "_"
                            + UUID.randomUUID() + ".dcm",
                    body.length(),
                    body.sha256(),
                    body.transferSyntax(),
                    body.dataSet());
            return CloudEventHttp.structured(
                    ImageStoredEvent.of(stored, null, null).toCloudEvent("bench", Instant.now(), null));
        }
    }
}
