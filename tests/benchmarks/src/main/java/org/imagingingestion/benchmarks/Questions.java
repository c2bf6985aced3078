package org.imagingingestion.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.imagingingestion.benchmarks.check.Answers;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.load.Get;
import org.imagingingestion.benchmarks.load.Studies;
import org.imagingingestion.benchmarks.server.Server;

/** The requests of the reading jobs, each asked once and its answer checked in full before it may be timed. */
final class Questions {
    /** CT instances asked for: more than Orthanc's cache of 128 MB holds, and far more than a processor's. */
    static final int INSTANCES = 400;

    private static final int CT_STUDY = 90_000_000;
    private static final int MULTIFRAME_STUDY = 90_001_000;
    private static final int MULTIFRAMES = 4;
    private static final int FRAMES_CHECKED = 8;

    private static final String JSON = "application/dicom+json";
    private static final String DICOM = "multipart/related; type=\"application/dicom\"";
    private static final String OCTETS = "multipart/related; type=\"application/octet-stream\"";
    private static final int FAMILIES = 10;

    private final int studies;
    private final InstanceTemplate ct;
    private final InstanceTemplate multiframe;

    /**
     * Requests, and the lengths of their right answers.
     *
     * @param lengths of the bodies as this server sends them
     */
    record Asked(List<Get> requests, long[] lengths) {}

    private interface Check {
        long length(int i, Get request);
    }

    Questions(int studies, InstanceTemplate ct, InstanceTemplate multiframe) {
        this.studies = studies;
        this.ct = ct;
        this.multiframe = multiframe;
    }

    /** What has to be stored before instances and metadata can be asked for. */
    static Studies ctStudies() {
        return Studies.range(CT_STUDY, CT_STUDY + INSTANCES / InstanceName.PER_STUDY);
    }

    /** What has to be stored before frames can be asked for. */
    static Studies multiframeStudies() {
        return Studies.range(MULTIFRAME_STUDY, MULTIFRAME_STUDY + MULTIFRAMES, 1);
    }

    /** The i-th of the CT instances asked for. */
    static InstanceName instance(int i) {
        return InstanceName.of(CT_STUDY + i / InstanceName.PER_STUDY, i % InstanceName.PER_STUDY);
    }

    /** Every patient of the smaller archive. */
    Asked byPatientId(Server server) {
        List<Get> requests = new ArrayList<>();
        for (int study = 1; study <= studies; study++) {
            String id = InstanceName.of(study, 0).patientId();
            requests.add(Get.of(server.path("/studies?PatientID=" + id), JSON));
        }
        return asked(requests, (i, request) -> studies(server, request, study -> study == i + 1));
    }

    /** Each of the ten family names, cut off at its end and at both ends. */
    Asked byName(Server server) {
        List<Get> requests = new ArrayList<>();
        for (int i = 0; i < FAMILIES; i++) {
            String family = InstanceName.of(i, 0).familyName();
            requests.add(Get.of(server.path("/studies?PatientName=" + family.substring(0, 4) + "*"), JSON));
            requests.add(Get.of(server.path("/studies?PatientName=*" + family.substring(1, 5) + "*"), JSON));
        }
        return asked(requests, (i, request) -> studies(server, request, study -> study % FAMILIES == i / 2));
    }

    /** The metadata of each CT series. */
    Asked metadata(Server server, boolean gzip) {
        if (server == null) {
            return null;
        }
        List<Get> requests = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i += InstanceName.PER_SERIES) {
            Get plain = Get.of(server.path(instance(i).seriesPath() + "/metadata"), JSON);
            requests.add(gzip ? plain.with("Accept-Encoding", "gzip") : plain);
        }
        return asked(requests, (i, request) -> Answers.metadata(server, request, seriesUids(i)));
    }

    /** Each CT instance. */
    Asked instances(Server server) {
        return server == null
                ? null
                : eachInstance(server, i -> Get.of(server.path(instance(i).path()), DICOM));
    }

    /** The same as files. */
    Asked files(Server server) {
        return eachInstance(server, i -> Get.of("/" + i + ".dcm", "*/*"));
    }

    /** Each frame of some multi-frame objects, another object each time. */
    Asked frames(Server server) {
        if (server == null) {
            return null;
        }
        List<Get> requests = new ArrayList<>();
        int frames = multiframe.kind().frames();
        for (int frame = 1; frame <= frames; frame++) {
            for (int object = 0; object < MULTIFRAMES; object++) {
                String path = InstanceName.of(MULTIFRAME_STUDY + object, 0).path();
                requests.add(Get.of(server.path(path + "/frames/" + frame), OCTETS));
            }
        }
        byte[] expected = new byte[multiframe.kind().frameLength()];
        return asked(requests, (i, request) -> {
            // all are of one length, and the peer is too slow to be asked for each
            if (i % (requests.size() / FRAMES_CHECKED) > 0) {
                return 0;
            }
            multiframe.pixels().position(i / MULTIFRAMES * expected.length).get(expected);
            return Answers.bytes(server, request, expected);
        });
    }

    private Asked eachInstance(Server server, IntFunction<Get> request) {
        List<Get> requests = IntStream.range(0, INSTANCES).mapToObj(request).toList();
        return asked(requests, (i, get) -> Answers.bytes(server, get, ct.file(instance(i))));
    }

    private static Set<String> seriesUids(int series) {
        return IntStream.range(series * InstanceName.PER_SERIES, (series + 1) * InstanceName.PER_SERIES)
                .mapToObj(i -> instance(i).instanceUid())
                .collect(Collectors.toSet());
    }

    private long studies(Server server, Get request, IntPredicate condition) {
        Set<String> expected = IntStream.rangeClosed(1, studies)
                .filter(condition)
                .mapToObj(study -> InstanceName.of(study, 0).studyUid())
                .collect(Collectors.toSet());
        return Answers.studies(server, request, expected, InstanceName.PER_STUDY);
    }

    private static Asked asked(List<Get> requests, Check check) {
        long[] lengths = new long[requests.size()];
        for (int i = 0; i < lengths.length; i++) {
            long length = check.length(i, requests.get(i));
            lengths[i] = length > 0 ? length : lengths[i - 1];
        }
        return new Asked(requests, lengths);
    }
}
