package org.imagingingestion.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.load.GetLoad;
import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.load.StowLoad;
import org.imagingingestion.benchmarks.load.Studies;
import org.imagingingestion.benchmarks.load.Wrk;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.server.Server;

/** The jobs that ask for what is there: searches in a small and a large archive, metadata, instances, frames. */
final class SearchAndRead {
    private static final int SEARCHERS = 8;
    private static final int READERS = 4;
    private static final Duration LOADING = Duration.ofSeconds(150);

    private static final String BY_ID = "QIDO by patient id";
    private static final String BY_ID_MANY = "QIDO by patient id, large archive";
    private static final String BY_NAME = "QIDO by name with wildcard";
    private static final String METADATA = "series metadata, 50 instances";
    private static final String METADATA_GZIP = "series metadata, 50 instances, gzip";
    private static final String INSTANCE = "WADO instance CT";
    private static final String FRAME = "one frame of 100";

    private final Run run;
    private final Settings settings;
    private Server project;
    private Server many;
    private Server orthanc;
    private Server nginx;
    private Questions questions;

    SearchAndRead(Run run) {
        this.run = run;
        settings = run.settings();
    }

    void run() {
        if (!run.wantsAny(BY_ID, BY_ID_MANY, BY_NAME, METADATA, METADATA_GZIP, INSTANCE, FRAME)) {
            return;
        }
        InstanceTemplate tiny = InstanceTemplate.of(ObjectKind.TINY);
        InstanceTemplate ct = InstanceTemplate.of(ObjectKind.CT);
        InstanceTemplate multiframe = InstanceTemplate.of(ObjectKind.MULTIFRAME);
        questions = new Questions(settings.studies(), ct, multiframe);
        try (Server a = settings.withProject() ? run.servers().project("project", settings.javaOptions()) : null;
                Server b = run.servers().orthanc("orthanc");
                Server c = run.servers().nginx()) {
            project = a;
            orthanc = b;
            nginx = c;
            noteStart();
            writeFiles(ct);
            load(project, tiny, settings.studies());
            load(orthanc, tiny, settings.studies());
            searches();
            for (Server server : archives()) {
                store(server, ct, Questions.ctStudies());
                store(server, multiframe, Questions.multiframeStudies());
            }
            reads();
            if (project != null) {
                run.job(BY_ID_MANY, () -> largeArchive(tiny));
            }
        }
    }

    private List<Server> archives() {
        return project == null ? List.of(orthanc) : List.of(project, orthanc);
    }

    private void noteStart() {
        for (Server server : archives()) {
            Server.settle(List.of(server), Duration.ofSeconds(15));
            run.report()
                    .note(
                            server.name() + ", start on an empty folder to first answer",
                            "%.1f s".formatted(server.startSeconds()));
            run.report().note(server.name() + ", resident memory idle", memory(server));
        }
    }

    static String memory(Server server) {
        return "%d MiB; with child processes, shared pages counted once, %d MiB"
                .formatted(server.residentMegabytes(), server.proportionalMegabytes());
    }

    private void searches() {
        run.job(BY_ID, () -> {
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, project, searchById(project))
                    .with(Run.ORTHANC, orthanc, searchById(orthanc))
                    .run();
            report(BY_ID + ", c=8, " + settings.instances() + " instances", figures, Run.ORTHANC, 10);
        });
        run.job(BY_NAME, () -> {
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, project, searchByName(project))
                    .with(Run.ORTHANC, orthanc, searchByName(orthanc))
                    .run();
            report(BY_NAME + ", c=8", figures, Run.ORTHANC, 30);
        });
    }

    /** Both archives are up and asked in turn, so that what else the machine does falls on both. */
    private void largeArchive(InstanceTemplate tiny) {
        String small = settings.instances() + " instances";
        try (Server server = run.servers().project("project-large", settings.javaOptions())) {
            many = server;
            load(many, tiny, settings.manyStudies());
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, many, searchById(many))
                    .with(small, project, searchById(project))
                    .run();
            report(BY_ID + ", c=8, " + settings.manyInstances() + " instances", figures, small, 0.8);
        }
    }

    private void reads() {
        run.job(METADATA, () -> {
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, project, read(project, questions.metadata(project, false)))
                    .with(Run.ORTHANC, orthanc, read(orthanc, questions.metadata(orthanc, false)))
                    .run();
            report(METADATA + ", c=4", figures, Run.ORTHANC, 50);
        });
        run.job(METADATA_GZIP, () -> {
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, project, read(project, questions.metadata(project, true)))
                    .with(Run.ORTHANC, orthanc, read(orthanc, questions.metadata(orthanc, true)))
                    .run();
            run.report().job(METADATA_GZIP + ", c=4", figures);
        });
        run.job(INSTANCE, () -> {
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, project, read(project, questions.instances(project)))
                    .with(Run.ORTHANC, orthanc, read(orthanc, questions.instances(orthanc)))
                    .with(Run.NGINX, nginx, read(nginx, questions.files(nginx)))
                    .run();
            report(INSTANCE + ", c=4", figures, Run.ORTHANC, 6);
            run.report().atLeast(INSTANCE + ", c=4", figures, Run.NGINX, 0.5);
        });
        run.job(FRAME, () -> {
            Map<String, Figure> figures = new Contest(settings)
                    .with(Run.PROJECT, project, read(project, questions.frames(project)))
                    .with(Run.ORTHANC, orthanc, read(orthanc, questions.frames(orthanc)))
                    .run();
            report(FRAME + ", c=4", figures, Run.ORTHANC, 200);
        });
    }

    private void report(String job, Map<String, Figure> figures, String peer, double factor) {
        run.report().job(job, figures);
        run.report().atLeast(job, figures, peer, factor);
    }

    private Function<Duration, LoadResult> searchById(Server server) {
        return search(server, server == null ? null : questions.byPatientId(server));
    }

    private Function<Duration, LoadResult> searchByName(Server server) {
        return search(server, server == null ? null : questions.byName(server));
    }

    private Function<Duration, LoadResult> search(Server server, Questions.Asked asked) {
        Path folder = settings.target();
        return time -> Wrk.run(server.port(), asked.requests(), asked.lengths(), SEARCHERS, time, folder);
    }

    private Function<Duration, LoadResult> read(Server server, Questions.Asked asked) {
        return time -> GetLoad.run(server.port(), asked.requests(), asked.lengths(), READERS, time);
    }

    private void load(Server server, InstanceTemplate template, int studies) {
        if (server != null) {
            LoadResult result = StowLoad.run(
                    server.port(),
                    server.path("/studies"),
                    template,
                    InstanceName.PER_STUDY,
                    READERS,
                    Studies.range(1, studies + 1),
                    LOADING);
            if (result.items() < (long) studies * InstanceName.PER_STUDY) {
                throw new BenchFailure(server.name() + " took longer than " + LOADING.toSeconds() + " s to be loaded");
            }
            run.report()
                    .note(
                            server.name() + ", loading " + result.items() + " tiny instances, 100 a request, c=4",
                            "%.0f/s".formatted(result.perSecond()));
        }
    }

    private static void store(Server server, InstanceTemplate template, Studies studies) {
        StowLoad.run(server.port(), server.path("/studies"), template, 1, 1, studies, LOADING);
    }

    private void writeFiles(InstanceTemplate ct) {
        Path folder = run.servers().nginxFiles();
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < Questions.INSTANCES; i++) {
                Files.write(folder.resolve(i + ".dcm"), ct.file(Questions.instance(i)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
