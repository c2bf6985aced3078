package org.imagingingestion.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.load.DimseLoad;
import org.imagingingestion.benchmarks.load.ForwardLoad;
import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.load.Studies;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.server.Server;

/** How fast a study that is there goes on to another archive, by the bindings and by what Orthanc has for that. */
final class Forwarding {
    private static final String STOW = "forward 100 CT by STOW-RS";
    private static final String CSTORE = "forward 100 CT by C-STORE";
    private static final int STUDIES = 4;
    private static final int CONNECTIONS = 4;

    private final Run run;

    Forwarding(Run run) {
        this.run = run;
    }

    void run() {
        if (!run.wantsAny(STOW, CSTORE) || !run.settings().withProject()) {
            return;
        }
        String options = run.settings().javaOptions();
        try (Server archive = run.servers().project("forward-archive", options);
                Server peer =
                        run.servers().storescp("storescp-forward", run.servers().sinkPort(), "--ignore", "-v");
                Server project = run.servers().forwarder("forward-project", options, archive, peer);
                Server orthanc = run.servers().orthanc("forward-orthanc")) {
            for (Server server : new Server[] {project, orthanc}) {
                DimseLoad.store(
                        server.dimsePort(),
                        InstanceTemplate.of(ObjectKind.CT),
                        CONNECTIONS,
                        Studies.range(0, STUDIES),
                        Duration.ofMinutes(2));
            }
            ForwardLoad.awaitDelivered(project, "stow", "cstore");
            ForwardLoad.introduce(orthanc, archive);
            LongSupplier atArchive = () -> ForwardLoad.arrivedAtArchive(archive);
            LongSupplier atPeer = () -> ForwardLoad.arrivedAtStorescp(peer);
            for (int atOnce : new int[] {1, STUDIES}) {
                ForwardLoad.Studies studies = new ForwardLoad.Studies(STUDIES, atOnce);
                String of = atOnce == 1 ? "" : ", of each of " + STUDIES + " studies";
                contest(
                        STOW + of,
                        project,
                        time -> ForwardLoad.byBinding(project, "stow", studies, time, atArchive),
                        orthanc,
                        time -> ForwardLoad.byOrthancToArchive(orthanc, studies, time, atArchive));
                contest(
                        CSTORE + of,
                        project,
                        time -> ForwardLoad.byBinding(project, "cstore", studies, time, atPeer),
                        orthanc,
                        time -> ForwardLoad.byOrthancToPeer(orthanc, studies, time, atPeer));
            }
        }
    }

    private void contest(
            String job,
            Server project,
            Function<Duration, LoadResult> byProject,
            Server orthanc,
            Function<Duration, LoadResult> byOrthanc) {
        run.job(
                job,
                () -> report(
                        job,
                        new Contest(run.settings())
                                .with(Run.PROJECT, project, byProject)
                                .with(Run.ORTHANC, orthanc, byOrthanc)
                                .run()));
    }

    private void report(String job, Map<String, Figure> figures) {
        run.report().job(job, figures);
        run.report().atLeast(job, figures, Run.ORTHANC, 2);
    }
}
