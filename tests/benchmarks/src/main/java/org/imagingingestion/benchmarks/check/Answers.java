package org.imagingingestion.benchmarks.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.load.Get;
import org.imagingingestion.benchmarks.server.Server;

/** Holds answers against what was stored, before anything is timed: a wrong answer is not made good by being fast. */
public final class Answers {
    private static final int FEWEST_ATTRIBUTES = 100;
    private static final int LONGEST_PART_HEAD = 2048;
    private static final long VISIBLE_WITHIN = TimeUnit.SECONDS.toNanos(10);

    private Answers() {}

    /**
     * A search for studies finds exactly the expected ones, each with the expected number of instances.
     *
     * @return the length of the answer's body in bytes
     */
    public static long studies(Server server, Get search, Set<String> studyUids, int instances) {
        Get.Answer answer = search.expect(server.port());
        judgeStudies(server.name() + " for " + search.path(), answer.text(), studyUids, instances);
        return answer.body().length;
    }

    static void judgeStudies(String who, String answer, Set<String> studyUids, int instances) {
        List<Map<String, Object>> found = DicomJson.dataSets(answer);
        Set<String> uids = values(found, DicomJson.STUDY_INSTANCE_UID);
        Set<String> counts = values(found, DicomJson.NUMBER_OF_STUDY_RELATED_INSTANCES);
        if (found.size() != studyUids.size()
                || !uids.equals(studyUids)
                || !counts.equals(Set.of(Integer.toString(instances)))) {
            throw new BenchFailure("%s: found %d studies of %s instances, %d of %d expected"
                    .formatted(who, found.size(), counts, studyUids.size(), instances));
        }
    }

    /**
     * The metadata of a series are those of all its instances.
     *
     * @return the length of the answer's body in bytes, as it was sent
     */
    public static long metadata(Server server, Get request, Set<String> instanceUids) {
        Get.Answer answer = request.expect(server.port());
        judgeMetadata(server.name(), answer.body(), instanceUids);
        return answer.body().length;
    }

    static void judgeMetadata(String who, byte[] answer, Set<String> instanceUids) {
        List<Map<String, Object>> found = DicomJson.dataSets(inflated(answer));
        int fewest = found.stream().mapToInt(Map::size).min().orElse(0);
        if (found.size() != instanceUids.size()
                || !values(found, DicomJson.SOP_INSTANCE_UID).equals(instanceUids)
                || fewest < FEWEST_ATTRIBUTES) {
            throw new BenchFailure("%s: metadata of %d instances with at least %d attributes, %d and %d expected"
                    .formatted(who, found.size(), fewest, instanceUids.size(), FEWEST_ATTRIBUTES));
        }
    }

    /**
     * The body, or its only part when it is multipart, is byte for byte what is expected.
     *
     * @return the length of the answer's body in bytes
     */
    public static long bytes(Server server, Get request, byte[] expected) {
        Get.Answer answer = request.expect(server.port());
        judgeBytes(server.name() + " for " + request.path(), answer, expected);
        return answer.body().length;
    }

    static void judgeBytes(String who, Get.Answer answer, byte[] expected) {
        byte[] body = answer.body();
        int from = 0;
        int to = body.length;
        if (answer.contentType().startsWith("multipart/related")) {
            int margin = Math.min(body.length, LONGEST_PART_HEAD);
            from = new String(body, 0, margin, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
            int tail = body.length - margin;
            to = tail + new String(body, tail, margin, StandardCharsets.ISO_8859_1).lastIndexOf("\r\n--");
        }
        if (to < from || !Arrays.equals(body, from, to, expected, 0, expected.length)) {
            throw new BenchFailure("%s: %d bytes, not the %d that were stored"
                    .formatted(who, Math.max(0, to - from), expected.length));
        }
    }

    /** Everything acknowledged of a study can be found, within a moment. */
    public static void stored(Server server, int study, int instances) {
        String uid = new InstanceName(study, 1, 1).studyUid();
        Get search = Get.of(server.path("/studies?StudyInstanceUID=" + uid), "application/dicom+json");
        long deadline = System.nanoTime() + VISIBLE_WITHIN;
        while (true) {
            try {
                studies(server, search, Set.of(uid), instances);
                return;
            } catch (BenchFailure e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static Set<String> values(List<Map<String, Object>> dataSets, String tag) {
        return dataSets.stream()
                .map(dataSet -> DicomJson.first(dataSet, tag))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String inflated(byte[] body) {
        boolean zipped = body.length > 2 && body[0] == 0x1F && body[1] == (byte) 0x8B;
        try (GZIPInputStream in = zipped ? new GZIPInputStream(new ByteArrayInputStream(body)) : null) {
            return new String(zipped ? in.readAllBytes() : body, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchFailure("broken gzip", e);
        }
    }
}
