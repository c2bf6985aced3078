package org.imagingingestion.tests;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Instances that are filtered, de-identified and coerced on their way in, by both protocols. */
class InstanceActionsIT {
    private static final String CT = "CT_small.dcm";

    private static final String RESEARCH =
            """
            - route:
                id: research
                streamCache: false
                errorHandler:
                  noErrorHandler: {}
                from:
                  uri: direct:research
                  steps:
                    - to:
                        uri: kamelet:dicom-filter-action
                        parameters:
                          keep: "RAW(Modality=CT&PatientID=*CT*)"
                    - to:
                        uri: kamelet:dicom-deidentify-action
                        parameters:
                          key: "RAW({{research.key}})"
                          dates: shift
                    - to:
                        uri: kamelet:dicom-coerce-action
                        parameters:
                          rules: "RAW(set InstitutionName = \\"R & D; (x)\\"; set StudyID = 1)"
                    - to:
                        uri: direct:ingest
            """;

    @TempDir
    static Path folder;

    private static ImagingIngestion server;
    private static DicomwebClient client;

    @BeforeAll
    static void start() throws Exception {
        Path home = folder.resolve("home");
        for (String part : List.of("routes", "integrations", "kamelets")) {
            Files.createDirectories(home.resolve(part));
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(ImagingIngestion.project().resolve(part), "*.yaml")) {
                for (Path file : files) {
                    Files.writeString(
                            home.resolve(part).resolve(file.getFileName()),
                            Files.readString(file)
                                    .replace(
                                            part.equals("integrations") ? "uri: direct:ingest" : "\0",
                                            "uri: direct:research"));
                }
            }
        }
        Files.writeString(home.resolve("integrations/research.yaml"), RESEARCH);
        server = ImagingIngestion.on(folder.resolve("data"))
                .environment("IMAGING_HOME", home.toString())
                .environment("RESEARCH_KEY", "a secret = of 32 & more characters")
                .start();
        client = new DicomwebClient(server.dicomWeb());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static DataSet read(byte[] file) throws Exception {
        return DicomReader.read(new ByteArrayInputStream(file), ParseLimits.WHOLE)
                .dataSet();
    }

    private static JsonNode studies() {
        return client.json("studies?includefield=all");
    }

    @Test
    void storesWhatIsLeftOfAnInstanceAndNothingElse() throws Exception {
        byte[] file = PydicomData.file(CT);
        DataSet original = read(file);
        Dcmtk dcmtk = new Dcmtk(folder, server.dimsePort());
        client.storeAll(file);
        dcmtk.run("storescu", "SERVER", PydicomData.TEST_FILES.resolve(CT).toString());
        // not CT
        client.storeAll(PydicomData.file("MR_small.dcm"));
        dcmtk.run(
                "storescu",
                "SERVER",
                PydicomData.TEST_FILES.resolve("MR_small.dcm").toString());

        await().atMost(Duration.ofSeconds(20)).until(() -> studies().size() > 0);
        JsonNode studies = studies();
        assertThat(studies).hasSize(1);
        String study = DicomwebClient.values(studies.get(0), "0020000D").get(0);
        assertThat(study).startsWith("2.25.");
        JsonNode instances = client.json("studies/" + study + "/instances");
        assertThat(instances).hasSize(1);

        byte[] stored = client.parts("studies/" + study, "multipart/related; type=\"application/dicom\"")
                .get(0)
                .bytes();
        DataSet made = read(stored);
        assertThat(made.bytes(Tag.PixelData)).isEqualTo(original.bytes(Tag.PixelData));
        assertThat(made.string(Tag.PatientIdentityRemoved)).isEqualTo("YES");
        assertThat(made.string(Tag.InstitutionName)).isEqualTo("R & D; (x)");
        assertThat(made.string(Tag.StudyID)).isEqualTo("1");
        assertThat(made.string(Tag.StudyDate)).matches("\\d{8}").isNotEqualTo(original.string(Tag.StudyDate));
        String bytes = new String(stored, StandardCharsets.ISO_8859_1);
        for (int tag :
                new int[] {Tag.PatientID, Tag.PatientName, Tag.StudyInstanceUID, Tag.SOPInstanceUID, Tag.StudyDate}) {
            assertThat(bytes.contains(original.string(tag)))
                    .as(Tag.toString(tag))
                    .isFalse();
        }
    }

    @Test
    void refusesBurnedInAnnotation() {
        DataSet dataSet = Samples.header(Samples.uid(), Samples.uid())
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.PatientID, VR.LO, "1CT1")
                .setString(Tag.BurnedInAnnotation, VR.CS, "YES");
        HttpResponse<byte[]> response = client.store(List.of(Samples.file(dataSet)));
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(server.output() + server.errors()).doesNotContain("1CT1");
    }
}
