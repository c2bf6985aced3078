package org.imagingingestion.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.DimseStatus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** All of pydicom's test files that identify an instance: in by C-STORE, out by C-GET, C-MOVE and WADO-RS. */
class DimsePydicomIT {
    /** Those that end before their end. */
    private static final Set<String> BROKEN = Set.of("MR_truncated.dcm", "rtplan_truncated.dcm");

    /** By which option getscu asks for a transfer syntax; it cannot for Implicit VR Little Endian (+xi proposes Explicit). */
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("1.2.840.10008.1.2.1", "+xe"),
            Map.entry("1.2.840.10008.1.2.4.50", "+xy"),
            Map.entry("1.2.840.10008.1.2.4.51", "+xx"),
            Map.entry("1.2.840.10008.1.2.4.70", "+xs"),
            Map.entry("1.2.840.10008.1.2.4.80", "+xt"),
            Map.entry("1.2.840.10008.1.2.4.90", "+xv"),
            Map.entry("1.2.840.10008.1.2.4.91", "+xw"),
            Map.entry("1.2.840.10008.1.2.5", "+xr"));

    @TempDir
    static Path folder;

    /** Data sets as they were sent, and as they came back by each way, by the names of their files. */
    private static final Map<String, byte[]> sent = new TreeMap<>();

    private static final Map<String, byte[]> byWadoRs = new TreeMap<>();
    private static final Map<String, byte[]> byGet = new TreeMap<>();
    private static final Map<String, byte[]> byGetscu = new TreeMap<>();
    private static final Set<String> askedByGetscu = new TreeSet<>();
    private static final Map<String, byte[]> byMovescu = new TreeMap<>();
    private static final Map<String, DimseStatus> refused = new TreeMap<>();

    /** What was kept of what storescu read. */
    private static final Map<String, Path> byStorescu = new TreeMap<>();

    /** For what studies have from other rounds. */
    private static final List<Part10> kinds = new ArrayList<>();

    private static int movePort;
    private static ImagingIngestion server;
    private static DicomwebClient client;
    private static Dcmtk dcmtk;

    /** A file of this round, and where it is found. */
    private record Instance(String name, Part10 file, String study, String series) {
        String path() {
            return "studies/" + study + "/series/" + series + "/instances/" + file.sopInstanceUID();
        }
    }

    @BeforeAll
    static void storesAndRetrieves() throws IOException {
        movePort = ImagingIngestion.freePort();
        server = ImagingIngestion.on(folder.resolve("data"))
                .property("imaging.manifest.conflict-policy", "keep-last")
                .environment(
                        "ENV_AETS_JSON", "[{\"name\":\"MOVESCU\",\"host\":\"127.0.0.1\",\"port\":" + movePort + "}]")
                .start();
        try (ImagingIngestion closed = server) {
            client = new DicomwebClient(server.dicomWeb());
            dcmtk = new Dcmtk(folder, server.dimsePort());
            JsonNode all = Script.python("instances.py", PydicomData.TEST_FILES);
            all.forEach(each -> kinds.add(instance(each).file()));
            for (List<JsonNode> round : PydicomFilesIT.rounds(all)) {
                List<Instance> instances =
                        round.stream().map(DimsePydicomIT::instance).toList();
                storeByStorescu(instances);
                List<Instance> stored = store(instances);
                if (!stored.isEmpty()) {
                    retrieve(stored);
                }
            }
        }
    }

    private static void retrieve(List<Instance> stored) {
        stored.forEach(each -> sent.put(each.name(), sent(each.file())));
        stored.forEach(each -> byWadoRs.put(each.name(), retrieved(each)));
        get(stored);
        getByGetscu(stored);
        getByMovescu(stored);
    }

    private static Instance instance(JsonNode instance) {
        String name = instance.get("name").asText();
        return new Instance(
                name,
                Part10.of(PydicomData.file(name)),
                instance.get("StudyInstanceUID").asText(),
                instance.get("SeriesInstanceUID").asText());
    }

    /** Of a deflated data set of odd length a byte more is sent (PS3.5 §A.5). */
    private static byte[] sent(Part10 file) {
        int length = file.dataSet().length;
        return TransferSyntax.of(file.transferSyntaxUID()).deflated()
                ? Arrays.copyOf(file.dataSet(), length + (length & 1))
                : file.dataSet();
    }

    private static byte[] file(Instance instance) {
        return client.get(instance.path(), "application/dicom; transfer-syntax=*")
                .body();
    }

    private static byte[] retrieved(Instance instance) {
        return Part10.of(file(instance)).dataSet();
    }

    /** Each file in a context of its own transfer syntax. */
    private static void storeByStorescu(List<Instance> instances) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-v", "-nh", "-xf", profile(instances).toString(), "Own", "SERVER"));
        instances.forEach(each ->
                arguments.add(PydicomData.TEST_FILES.resolve(each.name()).toString()));
        Set<String> taken = taken(
                dcmtk.attempt("storescu", arguments.toArray(String[]::new)).output());
        for (Instance each : instances) {
            if (taken.contains(each.name())) {
                Path kept = Files.write(Files.createTempFile(folder, "kept", ".dcm"), file(each));
                byStorescu.put(each.name(), kept);
            }
        }
    }

    /** The files of which storescu says that they were taken. */
    private static Set<String> taken(String output) {
        Set<String> taken = new TreeSet<>();
        String file = null;
        for (String line : output.lines().toList()) {
            if (line.startsWith("I: Sending file: ")) {
                file = PydicomData.TEST_FILES
                        .relativize(Path.of(line.substring("I: Sending file: ".length())))
                        .toString();
            } else if (line.startsWith("I: Received Store Response (Success)")) {
                taken.add(file);
            }
        }
        return taken;
    }

    private static Path profile(List<Instance> instances) throws IOException {
        Set<String> contexts = new TreeSet<>();
        Set<String> syntaxes = new TreeSet<>();
        for (Instance each : instances) {
            String syntax = each.file().transferSyntaxUID();
            syntaxes.add("[TS" + syntax.replace('.', '-') + "]\nTransferSyntax1 = " + syntax + '\n');
            contexts.add(each.file().sopClassUID() + "\\TS" + syntax.replace('.', '-'));
        }
        StringBuilder profile = new StringBuilder("[[TransferSyntaxes]]\n");
        syntaxes.forEach(profile::append);
        profile.append("[[PresentationContexts]]\n[Contexts]\n");
        int number = 0;
        for (String context : contexts) {
            profile.append("PresentationContext" + ++number + " = " + context + '\n');
        }
        profile.append("[[Profiles]]\n[Own]\nPresentationContexts = Contexts\n");
        return Files.writeString(Files.createTempFile(folder, "profile", ".cfg"), profile);
    }

    /** Those that were taken. */
    private static List<Instance> store(List<Instance> instances) {
        List<Instance> stored = new ArrayList<>();
        try (ServiceClassUser scu = ServiceClassUser.storing(
                server.dimsePort(), instances.stream().map(Instance::file).toList())) {
            for (Instance each : instances) {
                DimseStatus status = scu.store(each.file());
                if (status.isFailure()) {
                    refused.put(each.name(), status);
                } else {
                    stored.add(each);
                }
            }
        }
        return stored;
    }

    private static void get(List<Instance> instances) {
        try (ServiceClassUser scu = ServiceClassUser.getting(server.dimsePort(), kinds)) {
            collect(
                    instances,
                    scu.get(instances.stream().map(Instance::study).distinct().toList()),
                    byGet);
        }
    }

    /** Of each transfer syntax for itself. */
    private static void getByGetscu(List<Instance> instances) {
        instances.stream()
                .filter(each -> OPTIONS.containsKey(each.file().transferSyntaxUID()))
                .collect(Collectors.groupingBy(each -> OPTIONS.get(each.file().transferSyntaxUID())))
                .forEach(DimsePydicomIT::getByGetscu);
    }

    private static void getByGetscu(String option, List<Instance> instances) {
        instances.forEach(each -> askedByGetscu.add(each.name()));
        Dcmtk.Run run = dcmtk.run(
                "getscu",
                "-S",
                "+B",
                option,
                "SERVER",
                "-k",
                "QueryRetrieveLevel=IMAGE",
                "-k",
                "SOPInstanceUID="
                        + list(instances.stream()
                                .map(each -> each.file().sopInstanceUID())
                                .toList()));
        collect(instances, dataSets(run.files()), byGetscu);
    }

    private static void getByMovescu(List<Instance> instances) {
        Dcmtk.Run run = dcmtk.run(
                "movescu",
                "-S",
                "+B",
                "+xa",
                "--port",
                Integer.toString(movePort),
                "SERVER",
                "-k",
                "QueryRetrieveLevel=STUDY",
                "-k",
                "StudyInstanceUID="
                        + list(instances.stream()
                                .map(Instance::study)
                                .distinct()
                                .toList()));
        collect(instances, dataSets(run.files()), byMovescu);
    }

    private static String list(List<String> uids) {
        return String.join("\\", uids);
    }

    private static Map<String, byte[]> dataSets(List<Path> files) {
        Map<String, byte[]> dataSets = new LinkedHashMap<>();
        for (Path file : files) {
            try {
                Part10 part10 = Part10.of(Files.readAllBytes(file));
                dataSets.put(part10.sopInstanceUID(), part10.dataSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return dataSets;
    }

    private static void collect(List<Instance> instances, Map<String, byte[]> got, Map<String, byte[]> byName) {
        for (Instance each : instances) {
            byte[] dataSet = got.get(each.file().sopInstanceUID());
            if (dataSet != null) {
                byName.put(each.name(), dataSet);
            }
        }
    }

    private static void assertSame(Map<String, byte[]> retrieved, Set<String> names) {
        assertThat(retrieved.keySet()).containsExactlyInAnyOrderElementsOf(names);
        retrieved.forEach((name, dataSet) -> assertThat(dataSet).as(name).isEqualTo(sent.get(name)));
    }

    @Test
    void takesAllButThoseThatAreBroken() {
        assertThat(refused.keySet()).isEqualTo(BROKEN);
        assertThat(refused.values())
                .allSatisfy(status -> assertThat(status.hex()).isEqualTo("C000H"));
        assertThat(sent.keySet()).hasSizeGreaterThan(130);
    }

    @Test
    void givesTheDataSetsBackByWadoRs() {
        assertSame(byWadoRs, sent.keySet());
    }

    @Test
    void givesTheDataSetsBackByGet() {
        assertSame(byGet, sent.keySet());
    }

    @Test
    void givesTheDataSetsBackToGetscu() {
        assertSame(byGetscu, askedByGetscu);
        assertThat(askedByGetscu).hasSizeGreaterThan(120);
    }

    @Test
    void givesTheDataSetsBackToMovescu() {
        assertSame(byMovescu, sent.keySet());
    }

    @Test
    void keepsWhatStorescuReadsInItsFiles() throws IOException {
        List<List<String>> pairs = byStorescu.entrySet().stream()
                .map(each -> List.of(
                        PydicomData.TEST_FILES.resolve(each.getKey()).toString(),
                        each.getValue().toString()))
                .toList();
        Path argument = folder.resolve("pairs.json");
        new ObjectMapper().writeValue(argument.toFile(), pairs);

        assertThat(byStorescu.keySet()).hasSizeGreaterThan(130);
        assertThat(Script.python("differing.py", argument)).isEmpty();
    }
}
