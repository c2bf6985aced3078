package org.imagingingestion.camel.instance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every row of the table, without options and with each of them, in an item of a sequence as well as at the top. */
class ConfidentialityProfileTest {
    private static final String UNLISTED = "1.2.3.4.99";

    static List<String[]> rows() throws IOException {
        try (InputStream in = ConfidentialityProfile.class.getResourceAsStream("confidentiality-profile.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }

    static Stream<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (String[] row : rows()) {
            String options = row.length > 2 ? row[2] : "";
            cases.add(Arguments.of(row[0], row[1], options, null));
            for (ProfileOption option : ProfileOption.values()) {
                cases.add(Arguments.of(row[0], row[1], options, option));
            }
        }
        return cases.stream();
    }

    @Test
    void hasEveryRowOnce() throws IOException {
        assertThat(rows()).extracting(row -> row[0]).doesNotHaveDuplicates();
        assertThat(rows().size())
                .isEqualTo(ConfidentialityProfile.rows().size())
                .isEqualTo(860);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesWhatTheTableSays(String tag, String code, String options, ProfileOption option) {
        int number = Integer.parseUnsignedInt(tag.replace('x', '0'), 16);
        if (Tag.group(number) < 0x0008 || number == Tag.SOPInstanceUID || number == 0xFFFCFFFC) {
            return;
        }
        DataSet original = withSample(number);
        Element sample = original.get(number);
        DataSet result = option == null ? Instances.deidentified(original) : Instances.deidentified(original, option);
        Element made = result.get(number);
        String expected = expected(code, options, option);
        // a moment that is no text cannot be moved
        switch (expected.equals("C") && sample.vr() == VR.OB ? expected(code, "", option) : expected) {
            case "K" -> assertThat(isSame(sample, made)).isTrue();
            case "C" -> {
                assertThat(made.vr()).isIn(VR.DA, VR.DT, VR.TM, VR.SH);
                boolean isDate = made.vr() == VR.DA || made.vr() == VR.DT;
                assertThat(result.string(number).equals(original.string(number)))
                        .isNotEqualTo(isDate);
            }
            case "X" -> assertThat(made).isNull();
            case "Z" -> {
                if (number == Tag.PatientName) {
                    assertThat(result.string(number)).isEqualTo(result.string(Tag.PatientID));
                } else {
                    assertThat(made.isEmpty()).isTrue();
                }
            }
            case "D" -> {
                assertThat(made.isEmpty()).isFalse();
                assertThat(isSame(sample, made)).isFalse();
            }
            case "U" -> {
                if (made instanceof Sequence sequence) {
                    assertThat(sequence.items().get(0).string(0x00081155)).startsWith("2.25.");
                } else {
                    assertThat(result.string(number)).startsWith("2.25.");
                }
            }
            default -> throw new IllegalStateException(code);
        }
    }

    private static String expected(String code, String options, ProfileOption option) {
        String basic = code.replace("*", "").substring(code.replace("*", "").lastIndexOf('/') + 1);
        if (option == null) {
            return basic;
        }
        return switch (option) {
            case RETAIN_UIDS -> options.contains("U") ? "K" : basic;
            case RETAIN_DEVICE_IDENTITY -> options.contains("D") ? "K" : basic;
            case RETAIN_INSTITUTION_IDENTITY -> options.contains("I") ? "K" : basic;
            case RETAIN_PATIENT_CHARACTERISTICS -> options.contains("P") ? "K" : basic;
            case RETAIN_FULL_DATES -> options.contains("F") ? "K" : basic;
            case RETAIN_MODIFIED_DATES -> options.contains("F") && !basic.equals("U") ? "C" : basic;
                // nothing is known to be harmless here
            case CLEAN_DESCRIPTORS, RETAIN_SAFE_PRIVATE -> basic;
        };
    }

    private static boolean isSame(Element one, Element other) {
        if (one instanceof Sequence sequence) {
            return other instanceof Sequence otherSequence
                    && sequence.items().size() == otherSequence.items().size();
        }
        return one instanceof Element.Value value
                && other instanceof Element.Value otherValue
                && Arrays.equals(value.bytes(), otherValue.bytes());
    }

    private static DataSet withSample(int tag) {
        DataSet dataSet = Instances.dataSet();
        VR vr = Tag.group(tag) == 0x5000
                ? VR.US
                : Tag.group(tag) == 0x6000 && tag == 0x60000000 ? VR.US : Dictionary.vrOf(tag);
        int sampled = tag;
        if (vr == VR.SQ) {
            dataSet.setItems(
                    sampled,
                    new DataSet().setString(0x00081155, VR.UI, UNLISTED).setString(0x00080100, VR.SH, "a code"),
                    new DataSet());
            return dataSet;
        }
        switch (vr) {
            case DA -> dataSet.setString(sampled, vr, "20200229");
            case DT -> dataSet.setString(sampled, vr, "20200229101112.5+0100");
            case TM -> dataSet.setString(sampled, vr, "101112");
            case UI -> dataSet.setString(sampled, vr, UNLISTED);
            case AS -> dataSet.setString(sampled, vr, "044Y");
            case DS, IS -> dataSet.setString(sampled, vr, "44");
            case CS -> dataSet.setString(sampled, vr, "A_CODE");
            default -> {
                if (vr.isString()) {
                    dataSet.setString(sampled, vr, tag == 0x00080201 ? "+0130" : "some text");
                } else {
                    dataSet.setBytes(sampled, vr, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
                }
            }
        }
        return dataSet;
    }

    @ParameterizedTest
    @CsvSource({
        // rows as the standard prints them
        "PatientName, Z",
        "PatientID, Z/D",
        "PatientBirthDate, Z",
        "PatientSex, Z",
        "PatientAge, X",
        "StudyInstanceUID, U",
        "StudyDate, Z",
        "SeriesDate, X/D",
        "AccessionNumber, Z",
        "InstitutionName, X/Z/D",
        "OperatorsName, X/Z/D",
        "ReferencedImageSequence, X/Z/U*",
        "ContentSequence, D",
        "IssuerOfPatientID, X",
        "DeviceSerialNumber, X/Z/D",
        "DigitalSignaturesSequence, X"
    })
    void hasTheCodeOfTheStandard(String keyword, String code) {
        assertThat(ConfidentialityProfile.row(Dictionary.tagOf(keyword)).code()).isEqualTo(code);
    }

    @Test
    void leavesNoDateAndNoNameOut() {
        assertThat(Dictionary.entries().stream()
                        .filter(entry -> entry.vrs().contains(VR.DA)
                                || entry.vrs().contains(VR.DT)
                                || entry.vrs().contains(VR.PN))
                        .filter(entry -> Tag.group(entry.tag()) > 0x0004)
                        .filter(entry -> ConfidentialityProfile.row(entry.tag()) == null))
                .isEmpty();
    }

    /** What the table has no row for, and people may write anything in, is in a list that somebody has read through. */
    @Test
    void leavesNoTextOutThatNobodyHasLookedAt() throws IOException {
        List<VR> texts =
                List.of(VR.LO, VR.SH, VR.ST, VR.LT, VR.UT, VR.UC, VR.UI, VR.UR, VR.AE, VR.AS, VR.TM, VR.OB, VR.UN);
        List<String> left = Dictionary.entries().stream()
                .filter(entry -> Tag.group(entry.tag()) >= 0x0008 && !Tag.isPrivate(entry.tag()))
                .filter(entry -> entry.vrs().stream().anyMatch(texts::contains))
                .filter(entry -> ConfidentialityProfile.row(entry.tag()) == null)
                .map(entry -> "%08X %s".formatted(entry.tag(), entry.keyword()))
                .sorted()
                .toList();
        try (InputStream in = ConfidentialityProfileTest.class.getResourceAsStream("kept-attributes.txt")) {
            assertThat(left)
                    .isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        }
    }
}
