package org.imagingingestion.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;

import org.imagingingestion.benchmarks.check.Answers;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.load.DimseLoad;
import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.load.SendLoad;
import org.imagingingestion.benchmarks.load.Studies;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.report.Goal;
import org.imagingingestion.benchmarks.server.Server;
import org.imagingingestion.benchmarks.server.Servers;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** The jobs of DIMSE, against Orthanc and dcmtk. */
final class Dimse {
    private static final String RECEIVE = "C-STORE CT, nothing kept";
    private static final String CT = "C-STORE CT, kept";
    private static final String TINY = "C-STORE tiny, kept";
    private static final String FIND = "C-FIND by patient id";
    private static final String IMAGES = "C-FIND images of a study";
    private static final String MOVE = "C-MOVE of 100 CT";
    private static final String SEND = "C-STORE send CT, one association";
    private static final String ADAPTER = "C-STORE to STOW adapter";
    private static final String STORESCU = "storescu";
    private static final String STOW = "STOW to the archive itself";
    private static final String STORESCP = "storescp +B";
    private static final String IGNORE = "storescp --ignore";
    private static final int CONNECTIONS = 4;
    private static final int STUDIES = 20;

    private final Run run;
    private int samples = 1;

    Dimse(Run run) {
        this.run = run;
    }

    void run() {
        if (run.wantsAny(RECEIVE)) {
            receive();
        }
        if (run.wantsAny(SEND)) {
            send();
        }
        if (run.wantsAny(ADAPTER) && run.settings().withProject()) {
            adapter();
        }
        if (run.wantsAny(CT, TINY, FIND, IMAGES, MOVE) && run.settings().withProject()) {
            keep();
        }
    }

    private void receive() {
        try (Server own = run.servers().discard();
                Server dcmtk =
                        run.servers().storescp("storescp-ignore", run.servers().sinkPort(), "--ignore")) {
            InstanceTemplate template = InstanceTemplate.of(ObjectKind.CT);
            run.job(
                    RECEIVE,
                    () -> report(
                            RECEIVE + ", c=4",
                            new Contest(run.settings())
                                    .with(Run.PROJECT, own, time -> store(own, template, new Studies[1], time))
                                    .with(IGNORE, dcmtk, time -> store(dcmtk, template, new Studies[1], time))
                                    .run(),
                            Map.of(IGNORE, 0.8)));
        }
    }

    private void send() {
        try (Server sink = run.servers().storescp("storescp-send", run.servers().sinkPort(), "--ignore")) {
            run.job(SEND, () -> {
                Path files = SendLoad.prepare(run.servers().folder("sent"), InstanceTemplate.of(ObjectKind.CT));
                report(
                        SEND,
                        new Contest(run.settings())
                                .with(Run.PROJECT, sink, time -> SendLoad.producer(sink.dimsePort(), files, time))
                                .with(STORESCU, sink, time -> SendLoad.storescu(sink.dimsePort(), files, time))
                                .run(),
                        Map.of(STORESCU, 1.5));
            });
        }
    }

    private void adapter() {
        String options = run.settings().javaOptions();
        try (Server archive = run.servers().project("archive", options);
                Server adapter = run.servers().adapter("adapter", options, archive)) {
            InstanceTemplate template = InstanceTemplate.of(ObjectKind.CT);
            Storing direct = new Storing(archive, template, CONNECTIONS);
            run.job(
                    ADAPTER,
                    () -> report(
                            ADAPTER + ", CT, c=4",
                            new Contest(run.settings())
                                    .with(Run.PROJECT, adapter, time -> pass(adapter, template, time))
                                    .with(STOW, archive, direct::load, direct::verify)
                                    .run(),
                            Map.of(STOW, 0.7)));
        }
    }

    private LoadResult pass(Server adapter, InstanceTemplate template, Duration time) {
        // studies of their own: the archive knows those of the direct way already
        Studies studies = Studies.from(50_000_000 + samples++ * 100_000);
        return DimseLoad.store(adapter.dimsePort(), Servers.ADAPTER_AE, template, CONNECTIONS, studies, time);
    }

    private LoadResult store(Server server, InstanceTemplate template, Studies[] studies, Duration time) {
        studies[0] = Studies.from(samples++ * 100_000);
        return DimseLoad.store(server.dimsePort(), template, CONNECTIONS, studies[0], time);
    }

    private void keep() {
        try (Server project =
                        run.servers().project("project-dimse", run.settings().javaOptions());
                Server orthanc = run.servers().orthanc("orthanc-dimse");
                Server keeping = run.servers().storescp("storescp-keep", Server.freePort(), "+B")) {
            run.job(
                    CT,
                    () -> report(
                            CT + ", c=4",
                            contest(project, orthanc, keeping, ObjectKind.CT),
                            Map.of(Run.ORTHANC, 4.0, STORESCP, 1.0)));
            run.job(
                    TINY,
                    () -> report(
                            TINY + ", c=4",
                            contest(project, orthanc, null, ObjectKind.TINY),
                            Map.of(Run.ORTHANC, 2.5)));
            if (run.wantsAny(FIND, IMAGES, MOVE)) {
                fill(project);
                fill(orthanc);
            }
            run.job(FIND, () -> find(FIND, project, orthanc, Dimse::byPatientId, 1, 1.5));
            run.job(IMAGES, () -> find(IMAGES, project, orthanc, Dimse::images, InstanceName.PER_STUDY, 4));
            try (Server sink =
                    run.servers().storescp("storescp-sink", run.servers().sinkPort(), "--ignore")) {
                run.job(MOVE, () -> move(project, orthanc));
            }
        }
    }

    private Map<String, Figure> contest(Server project, Server orthanc, Server keeping, ObjectKind kind) {
        InstanceTemplate template = InstanceTemplate.of(kind);
        Studies[] own = new Studies[1];
        return new Contest(run.settings())
                .with(Run.PROJECT, project, time -> store(project, template, own, time), () -> verify(project, own[0]))
                .with(Run.ORTHANC, orthanc, time -> store(orthanc, template, new Studies[1], time))
                .with(
                        STORESCP,
                        keeping,
                        time -> store(keeping, template, new Studies[1], time),
                        () -> keeping.deleteFiles())
                .run();
    }

    private static void verify(Server server, Studies studies) {
        TreeMap<Integer, Integer> acknowledged = new TreeMap<>(studies.acknowledged());
        Answers.stored(server, acknowledged.lastKey(), acknowledged.lastEntry().getValue());
    }

    private void report(String job, Map<String, Figure> figures, Map<String, Double> goals) {
        run.report().job(job, figures);
        goals.forEach((peer, factor) -> run.report().atLeast(job, figures, peer, factor));
    }

    private void fill(Server server) {
        Studies studies = Studies.range(0, STUDIES);
        DimseLoad.store(
                server.dimsePort(), InstanceTemplate.of(ObjectKind.CT), CONNECTIONS, studies, Duration.ofMinutes(2));
    }

    private static DataSet byPatientId(int n) {
        return new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                .setString(Tag.StudyDate, VR.DA)
                .setString(Tag.PatientName, VR.PN)
                .setString(Tag.PatientID, VR.LO, InstanceName.of(n % STUDIES, 0).patientId())
                .setString(Tag.StudyInstanceUID, VR.UI);
    }

    private static DataSet images(int n) {
        return new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "IMAGE")
                .setString(Tag.SOPInstanceUID, VR.UI)
                .setString(
                        Tag.StudyInstanceUID,
                        VR.UI,
                        InstanceName.of(n % STUDIES, 0).studyUid())
                .setString(Tag.SeriesInstanceUID, VR.UI)
                .setString(Tag.InstanceNumber, VR.IS);
    }

    private static DataSet study(int n) {
        return new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                .setString(
                        Tag.StudyInstanceUID,
                        VR.UI,
                        InstanceName.of(n % STUDIES, 0).studyUid());
    }

    private void find(
            String job, Server project, Server orthanc, IntFunction<DataSet> identifiers, int matches, double millis) {
        Function<Server, Function<Duration, LoadResult>> load =
                server -> time -> DimseLoad.find(server.dimsePort(), identifiers, matches, time);
        Map<String, Figure> figures = new Contest(run.settings())
                .with(Run.PROJECT, project, load.apply(project))
                .with(Run.ORTHANC, orthanc, load.apply(orthanc))
                .run();
        run.report().job(job, figures);
        double own = figures.get(Run.PROJECT).p50();
        run.report().goal(new Goal(job + ", median", own, "what is to be reached", millis, " ms", 1, true));
        run.report()
                .goal(new Goal(
                        job + ", median",
                        own,
                        Run.ORTHANC,
                        figures.get(Run.ORTHANC).p50(),
                        " ms",
                        1,
                        true));
    }

    private void move(Server project, Server orthanc) {
        Function<Server, Function<Duration, LoadResult>> load =
                server -> time -> DimseLoad.move(server.dimsePort(), Dimse::study, InstanceName.PER_STUDY, time);
        report(
                MOVE,
                new Contest(run.settings())
                        .with(Run.PROJECT, project, load.apply(project))
                        .with(Run.ORTHANC, orthanc, load.apply(orthanc))
                        .run(),
                Map.of(Run.ORTHANC, 1.5));
    }
}
