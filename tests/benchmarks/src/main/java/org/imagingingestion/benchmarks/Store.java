package org.imagingingestion.benchmarks;

import java.util.Map;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.server.Server;
import org.imagingingestion.benchmarks.server.Sink;

/** The jobs that store single instances, against Orthanc and against the limit. */
final class Store {
    private static final String CT = "STOW CT";
    private static final String TINY = "STOW tiny";

    private final Run run;

    Store(Run run) {
        this.run = run;
    }

    void run() {
        if (!run.wantsAny(CT, TINY)) {
            return;
        }
        Settings settings = run.settings();
        try (Server project = settings.withProject() ? run.servers().project("project", settings.javaOptions()) : null;
                Server orthanc = run.servers().orthanc("orthanc");
                Server sink = run.servers().sink(Sink.Mode.FSYNC)) {
            run.job(CT, () -> {
                Map<String, Figure> figures = contest(project, orthanc, sink, ObjectKind.CT, 4);
                report(CT + ", c=4", figures, 3, 0.6);
                if (project != null) {
                    run.report().note("project, resident memory after load", SearchAndRead.memory(project));
                }
                run.report().note("orthanc, resident memory after load", SearchAndRead.memory(orthanc));
            });
            run.job(TINY, () -> {
                Map<String, Figure> figures = contest(project, orthanc, sink, ObjectKind.TINY, 16);
                report(TINY + ", c=16", figures, 3, 1);
            });
        }
    }

    private Map<String, Figure> contest(Server project, Server orthanc, Server sink, ObjectKind kind, int connections) {
        InstanceTemplate template = InstanceTemplate.of(kind);
        Storing own = new Storing(project, template, connections);
        Storing peer = new Storing(orthanc, template, connections);
        Storing limit = new Storing(sink, template, connections);
        return new Contest(run.settings())
                .with(Run.PROJECT, project, own::load, own::verify)
                .with(Run.ORTHANC, orthanc, peer::load, peer::verify)
                .with(Run.SINK, sink, limit::load, sink::deleteFiles)
                .run();
    }

    private void report(String job, Map<String, Figure> figures, double orthanc, double sink) {
        run.report().job(job, figures);
        run.report().atLeast(job, figures, Run.ORTHANC, orthanc);
        run.report().atLeast(job, figures, Run.SINK, sink);
    }
}
