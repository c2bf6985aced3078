package org.imagingingestion.tests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/** The page at / in the hands of a person: the form is filled in, the button pressed, the link followed. */
class PageIT {
    private static final String MARKUP = "<img src=x onerror=\"document.title='broken in'\">";
    private static final String NAME_OF_MARKUP = "<b>Doe</b>^<script>alert(1)</script>";
    private static final Path PICTURE = ImagingIngestion.project().resolve("tests/integration/target/page.png");

    /** What is filled in, by label, and the patients that are to be found; the last search leaves a study to follow. */
    private static final Map<Map<String, String>, List<String>> SEARCHES = new LinkedHashMap<>();

    static {
        SEARCHES.put(Map.of("Patient ID", "BETA"), List.of("BETA"));
        SEARCHES.put(Map.of("Patient name", "doe*"), List.of("ALPHA", "BETA"));
        SEARCHES.put(Map.of("Patient name", "山田*"), List.of("GAMMA"));
        SEARCHES.put(Map.of("Patient name", NAME_OF_MARKUP), List.of(MARKUP));
        SEARCHES.put(Map.of("Study date from", "2024-06-30", "to", "2024-06-30"), List.of("BETA"));
        SEARCHES.put(Map.of("Study date from", "2024-06-30"), List.of("BETA", "GAMMA"));
        SEARCHES.put(Map.of("to", "2024-01-01"), List.of("ALPHA", MARKUP));
        SEARCHES.put(Map.of("Patient ID", "<b>nobody</b>"), List.of());
        SEARCHES.put(Map.of("Patient name", "doe*", "Study date from", "2024-02-01"), List.of("BETA"));
        SEARCHES.put(Map.of("Accession number", "ACC-3"), List.of("GAMMA"));
    }

    private static JsonNode page;
    private static String address;

    @BeforeAll
    static void usesThePage(@TempDir Path folder) throws Exception {
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            address = server.uri("").toString();
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            store(client, "ALPHA", "Doe^Jane", "20240101", "ACC-1", "CT", "MR");
            store(client, "BETA", "Doe^John", "20240630", "ACC-2", "US");
            store(client, "GAMMA", "Yamada^Tarou=山田^太郎", "20241231", "ACC-3", "CT");
            store(client, MARKUP, NAME_OF_MARKUP, "20230101", "<script>", "OT");
            page = Script.node(
                    "page.mjs", server.uri("/"), PICTURE, new ObjectMapper().writeValueAsString(SEARCHES.keySet()));
        }
    }

    private static void store(
            DicomwebClient client, String id, String name, String date, String accessionNumber, String... modalities) {
        String study = Samples.uid();
        List<byte[]> files = new ArrayList<>();
        for (String modality : modalities) {
            DataSet dataSet = Samples.header(study, Samples.uid())
                    .setString(Tag.PatientID, VR.LO, id)
                    .setString(Tag.PatientName, VR.PN, name)
                    .setString(Tag.StudyDate, VR.DA, date)
                    .setString(Tag.AccessionNumber, VR.SH, accessionNumber)
                    .setString(Tag.Modality, VR.CS, modality);
            files.add(Samples.file(dataSet));
        }
        client.storeAll(files.toArray(byte[][]::new));
    }

    @Test
    void showsTheStudies() {
        JsonNode first = page.get("first");

        assertThat(first.get("caption").asText()).isEqualTo("Latest studies");
        assertThat(texts(first.get("headings")))
                .containsExactly(
                        "Patient",
                        "Patient ID",
                        "Date",
                        "Modalities",
                        "Description",
                        "Accession number",
                        "Series",
                        "Instances",
                        "Metadata");
        assertThat(rows(first))
                .containsExactlyInAnyOrder(
                        List.of("Doe Jane", "ALPHA", "2024-01-01", "CT, MR", "Head", "ACC-1", "2", "2", "JSON"),
                        List.of("Doe John", "BETA", "2024-06-30", "US", "Head", "ACC-2", "1", "1", "JSON"),
                        List.of("Yamada Tarou", "GAMMA", "2024-12-31", "CT", "Head", "ACC-3", "1", "1", "JSON"),
                        List.of(
                                NAME_OF_MARKUP.replace('^', ' '),
                                MARKUP,
                                "2023-01-01",
                                "OT",
                                "Head",
                                "<script>",
                                "1",
                                "1",
                                "JSON"));
    }

    @Test
    void showsMarkupInANameAsText() {
        assertThat(page.get("first").get("markup").asInt()).isZero();
        assertThat(page.get("first").get("title").asText()).isEqualTo("Imaging Ingestion");
    }

    @Test
    void showsTotalsAndState() {
        Map<String, String> totals = new LinkedHashMap<>();
        page.get("first")
                .get("totals")
                .properties()
                .forEach(total -> totals.put(total.getKey(), total.getValue().asText()));

        assertThat(totals)
                .contains(entry("patients", "4"), entry("studies", "4"), entry("series", "5"), entry("instances", "5"))
                .containsKey("stored");
        assertThat(texts(page.get("first").get("state")))
                .satisfiesExactly(
                        storage -> assertThat(storage).matches("Storage ready, [0-9.]+ [GT]B free"),
                        database -> assertThat(database).isEqualTo("Database ready"));
    }

    @Test
    void linksToMetadata() {
        assertThat(texts(page.get("first").get("links"))).hasSize(4).allSatisfy(link -> assertThat(link)
                .startsWith(address + "/dicom-web/studies/2.25.")
                .endsWith("/metadata"));
        assertThat(page.get("metadata").asText()).startsWith("[{").contains("00080005");
    }

    @Test
    void searches() {
        int index = 0;
        for (Map.Entry<Map<String, String>, List<String>> search : SEARCHES.entrySet()) {
            JsonNode found = page.get("searches").get(index++);
            assertThat(rows(found))
                    .as(search.getKey().toString())
                    .extracting(row -> row.get(1))
                    .containsExactlyInAnyOrderElementsOf(search.getValue());
            assertThat(found.get("caption").asText()).isEqualTo("Studies found");
            assertThat(found.get("message").asText())
                    .isEqualTo(search.getValue().isEmpty() ? "No study matches." : "");
        }
    }

    private static List<List<String>> rows(JsonNode shown) {
        List<List<String>> rows = new ArrayList<>();
        shown.get("rows").forEach(row -> rows.add(texts(row)));
        return rows;
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
