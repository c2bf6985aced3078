package org.imagingingestion.benchmarks;

import java.util.Map;

import org.imagingingestion.benchmarks.load.RevisionLoad;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.report.Goal;
import org.imagingingestion.benchmarks.server.Server;

/** How fast revisions of studies are in a FHIR server, beside a client that does nothing but write them there. */
final class Fhir {
    private static final String JOB = "study revisions to FHIR, 100 instances a study";
    private static final String SERVER = "FHIR server alone";
    private static final double WANTED_A_MINUTE = 1000;

    private final Run run;
    private int next = 1;

    Fhir(Run run) {
        this.run = run;
    }

    void run() {
        if (!run.wantsAny(JOB) || !run.settings().withProject()) {
            return;
        }
        int studies = run.settings().quick() ? 20 : 150;
        try (Server nats = run.servers().nats();
                Server fhir = run.servers().fhir();
                Server publisher =
                        run.servers().publisher("publisher", run.settings().javaOptions(), nats, fhir)) {
            run.job(JOB, () -> {
                Map<String, Figure> figures = new Contest(run.settings())
                        .with(
                                Run.PROJECT,
                                publisher,
                                time -> RevisionLoad.byEvents(nats.port(), publisher, take(studies), studies))
                        .with(SERVER, fhir, time -> RevisionLoad.directly(fhir, take(studies), studies))
                        .run();
                run.report().job(JOB, figures);
                run.report().atLeast(JOB, figures, SERVER, 0.5);
                run.report()
                        .goal(new Goal(
                                JOB,
                                60 * figures.get(Run.PROJECT).perSecond(),
                                "what is to be reached",
                                WANTED_A_MINUTE,
                                "/min",
                                1,
                                false));
            });
        }
    }

    /** No study is published by two samples. */
    private int take(int studies) {
        int first = next;
        next += studies;
        return first;
    }
}
