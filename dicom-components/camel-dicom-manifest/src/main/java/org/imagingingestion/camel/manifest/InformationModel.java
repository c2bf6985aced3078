package org.imagingingestion.camel.manifest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.QueryLevel;

/** To which level of the Query/Retrieve Information Model an attribute belongs (PS3.4 §C.6.1.1, PS3.3 §A.1.2). */
final class InformationModel {
    private static final String RESOURCE = "information-model.txt";
    private static final Map<Integer, QueryLevel> LEVELS = read();

    static {
        LEVELS.put(Tag.ModalitiesInStudy, QueryLevel.STUDY);
        LEVELS.put(Tag.NumberOfPatientRelatedStudies, QueryLevel.PATIENT);
        LEVELS.put(Tag.NumberOfPatientRelatedSeries, QueryLevel.PATIENT);
        LEVELS.put(Tag.NumberOfPatientRelatedInstances, QueryLevel.PATIENT);
        LEVELS.put(Tag.NumberOfStudyRelatedSeries, QueryLevel.STUDY);
        LEVELS.put(Tag.NumberOfStudyRelatedInstances, QueryLevel.STUDY);
        LEVELS.put(Tag.NumberOfSeriesRelatedInstances, QueryLevel.SERIES);
    }

    private InformationModel() {}

    private static Map<Integer, QueryLevel> read() {
        Map<Integer, QueryLevel> levels = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(InformationModel.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            QueryLevel level = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Arrays.stream(QueryLevel.values()).map(Enum::name).anyMatch(line::equals)) {
                    level = QueryLevel.valueOf(line);
                } else if (!line.startsWith("#") && !line.isBlank()) {
                    for (String keyword : line.split(" ")) {
                        levels.put(tag(keyword), level);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return levels;
    }

    private static int tag(String keyword) {
        int tag = Dictionary.tagOf(keyword);
        if (!keyword.equals(Dictionary.keywordOf(tag))) {
            throw new IllegalStateException(RESOURCE + " names " + keyword + ", which is no keyword");
        }
        return tag;
    }

    /** The level of a top-level attribute; IMAGE for all that do not belong to a patient, a study or a series. */
    static QueryLevel levelOf(int tag) {
        return LEVELS.getOrDefault(tag, QueryLevel.IMAGE);
    }

    /** Whether an attribute that instances have is kept for their study and series too, though it belongs to neither. */
    static boolean isOfEveryLevel(int tag) {
        return tag == Tag.TimezoneOffsetFromUTC;
    }
}
