package org.imagingingestion.benchmarks;

import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.imagingingestion.benchmarks.check.Answers;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.load.Get;
import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.load.StowLoad;
import org.imagingingestion.benchmarks.load.Studies;
import org.imagingingestion.benchmarks.server.Server;

/** Storing one instance a request to one server, new ones each time, and looking afterwards whether they are there. */
final class Storing {
    private static final int STUDIES_A_SAMPLE = 100_000;
    private static final AtomicInteger SAMPLES = new AtomicInteger(1);

    private final Server server;
    private final Server archive;
    private final InstanceTemplate template;
    private final int connections;
    private Studies studies;

    Storing(Server server, InstanceTemplate template, int connections) {
        this(server, server, template, connections);
    }

    /** @param archive where it is found again */
    Storing(Server server, Server archive, InstanceTemplate template, int connections) {
        this.server = server;
        this.archive = archive;
        this.template = template;
        this.connections = connections;
    }

    LoadResult load(Duration time) {
        studies = Studies.from(SAMPLES.getAndIncrement() * STUDIES_A_SAMPLE);
        return StowLoad.run(server.port(), server.path("/studies"), template, 1, connections, studies, time);
    }

    /** The first and the last study are complete as acknowledged, and an instance of the last is what was sent. */
    void verify() {
        TreeMap<Integer, Integer> acknowledged = new TreeMap<>(studies.acknowledged());
        Answers.stored(
                archive, acknowledged.firstKey(), acknowledged.firstEntry().getValue());
        Answers.stored(archive, acknowledged.lastKey(), acknowledged.lastEntry().getValue());
        InstanceName name = InstanceName.of(acknowledged.lastKey(), 0);
        Get get = Get.of(archive.path(name.path()), "multipart/related; type=\"application/dicom\"");
        Answers.bytes(archive, get, template.file(name));
    }
}
