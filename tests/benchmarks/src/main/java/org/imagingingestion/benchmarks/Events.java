package org.imagingingestion.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.load.EventLoad;
import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.load.Wrk;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.report.Goal;
import org.imagingingestion.benchmarks.server.Server;

/** The jobs of the event processor: how fast it records what others stored, and how searches go when it has recorded a million. */
final class Events {
    private static final String BATCHES = "events recorded, in batches";
    private static final String RECORD = "events recorded, over NATS and told on";
    private static final String MILLION = "QIDO by patient id, a million instances";
    private static final double WANTED = 5000;
    private static final String FEW = "10,000 instances";
    private static final int SEARCHERS = 8;
    private static final int FEW_STUDIES = 100;

    private final Run run;
    private final InstanceTemplate tiny = InstanceTemplate.of(ObjectKind.TINY);
    private int next = 1;
    private int nextOfBatches = 1;

    Events(Run run) {
        this.run = run;
    }

    void run() {
        if (!run.settings().withProject()) {
            return;
        }
        if (run.wantsAny(BATCHES)) {
            try (Server recording = run.servers().recording()) {
                run.job(BATCHES, () -> batches(recording));
            }
        }
        if (!run.wantsAny(RECORD, MILLION)) {
            return;
        }
        try (Server nats = run.servers().nats();
                Server processor =
                        run.servers().processor("processor", run.settings().javaOptions(), nats)) {
            load(nats, processor, FEW_STUDIES);
            Map<String, Figure> few = run.settings().wants(MILLION) ? search(processor) : Map.of();
            run.job(RECORD, () -> record(nats, processor));
            run.job(MILLION, () -> {
                LoadResult filled = load(nats, processor, (run.settings().quick() ? 100 : 10_000) - next);
                run.report()
                        .note("recording " + filled.items() + " more events", "%.0f/s".formatted(filled.perSecond()));
                Map<String, Figure> figures = new LinkedHashMap<>(search(processor));
                figures.put(FEW, few.get(Run.PROJECT));
                run.report().job(MILLION + ", c=8", figures);
                run.report().atLeast(MILLION + ", c=8", figures, FEW, 1 / 1.5);
            });
        }
    }

    private Map<String, Figure> search(Server processor) {
        Questions.Asked asked = new Questions(FEW_STUDIES, tiny, tiny).byPatientId(processor);
        Path folder = run.settings().target();
        return new Contest(run.settings())
                .with(
                        Run.PROJECT,
                        processor,
                        time -> Wrk.run(processor.port(), asked.requests(), asked.lengths(), SEARCHERS, time, folder))
                .run();
    }

    private LoadResult load(Server nats, Server processor, int studies) {
        int first = next;
        next += studies;
        return EventLoad.run(nats.port(), processor, tiny, first, studies);
    }

    private void batches(Server recording) {
        int studies = run.settings().quick() ? 10 : 150;
        Map<String, Figure> figures = new Contest(run.settings())
                .with(Run.PROJECT, recording, time -> {
                    int first = nextOfBatches;
                    nextOfBatches += studies;
                    return EventLoad.inBatches(recording, first, studies);
                })
                .run();
        run.report().job(BATCHES, figures);
        run.report()
                .goal(new Goal(
                        BATCHES,
                        figures.get(Run.PROJECT).perSecond(),
                        "what is to be reached",
                        WANTED,
                        "/s",
                        1,
                        false));
    }

    private void record(Server nats, Server processor) {
        int studies = run.settings().quick() ? 10 : 100;
        Map<String, Figure> figures = new Contest(run.settings())
                .with(Run.PROJECT, processor, time -> load(nats, processor, studies))
                .run();
        run.report().job(RECORD, figures);
    }
}
