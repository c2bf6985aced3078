package org.imagingingestion.benchmarks;

import java.util.Map;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.report.Goal;
import org.imagingingestion.benchmarks.server.Server;

/** Storing objects of 52 MB, with little heap, and what that does to memory. */
final class LargeObjects {
    private static final String LARGE = "STOW 52 MB";
    private static final String HEAP = " -Xmx256m";
    private static final int CONNECTIONS = 4;
    private static final double SAME_MEMORY = 1.2;

    private final Run run;

    LargeObjects(Run run) {
        this.run = run;
    }

    void run() {
        if (!run.wantsAny(LARGE)) {
            return;
        }
        Settings settings = run.settings();
        if (settings.withProject()) {
            // a first start makes the database; the one that is measured finds it
            run.servers().project("project-256m", settings.javaOptions() + HEAP).closeKeepingFiles();
        }
        try (Server project = settings.withProject()
                        ? run.servers().project("project-256m", settings.javaOptions() + HEAP)
                        : null;
                Server orthanc = run.servers().orthanc("orthanc")) {
            if (project != null) {
                run.report()
                        .note("project, start with data to first answer", "%.1f s".formatted(project.startSeconds()));
            }
            run.job(LARGE, () -> contest(project, orthanc));
        }
    }

    private void contest(Server project, Server orthanc) {
        Settings settings = run.settings();
        String small = "STOW CT, c=4, -Xmx256m";
        InstanceTemplate ct = InstanceTemplate.of(ObjectKind.CT);
        Storing slices = new Storing(project, ct, CONNECTIONS);
        Map<String, Figure> before = new Contest(settings)
                .with(Run.PROJECT, project, slices::load, slices::verify)
                .run();
        InstanceTemplate multiframe = InstanceTemplate.of(ObjectKind.MULTIFRAME);
        Storing own = new Storing(project, multiframe, CONNECTIONS);
        Storing peer = new Storing(orthanc, multiframe, CONNECTIONS);
        Map<String, Figure> figures = new Contest(settings)
                .with(Run.PROJECT, project, own::load, own::verify)
                .with(Run.ORTHANC, orthanc, peer::load, peer::verify)
                .run();
        run.report().job(small, before);
        run.report().job(LARGE + ", c=4, -Xmx256m", figures);
        run.report().atLeast(LARGE + ", c=4, -Xmx256m", figures, Run.ORTHANC, 4);
        if (project != null) {
            double large = figures.get(Run.PROJECT).peakMegabytes();
            String peak = "peak resident memory, 52 MB objects, -Xmx256m";
            double slice = before.get(Run.PROJECT).peakMegabytes();
            double other = figures.get(Run.ORTHANC).peakMegabytes();
            run.report().goal(new Goal(peak, large, "itself storing CT", slice, " MiB", SAME_MEMORY, true));
            run.report().goal(new Goal(peak, large, Run.ORTHANC, other, " MiB", 1, true));
        }
    }
}
