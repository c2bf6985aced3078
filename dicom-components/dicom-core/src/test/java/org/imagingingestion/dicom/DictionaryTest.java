package org.imagingingestion.dicom;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DictionaryTest {

    @ParameterizedTest
    @CsvSource({
        "00000002, UI, 1, AffectedSOPClassUID, Affected SOP Class UID, false",
        "00020010, UI, 1, TransferSyntaxUID, Transfer Syntax UID, false",
        "00080005, CS, 1-n, SpecificCharacterSet, Specific Character Set, false",
        "00100010, PN, 1, PatientName, Patient's Name, false",
        "00101000, LO, 1-n, OtherPatientIDs, Other Patient IDs, true",
        "00280106, US, 1, SmallestImagePixelValue, Smallest Image Pixel Value, false",
        "00283006, US, 1-n, LUTData, LUT Data, false",
        "00100041, SQ, 1, GenderIdentitySequence, Gender Identity Sequence, false",
        "54001010, OW, 1, WaveformData, Waveform Data, false",
        "7FE00010, OW, 1, PixelData, Pixel Data, false",
        "FFFCFFFC, OB, 1, DataSetTrailingPadding, Data Set Trailing Padding, false"
    })
    void knowsDataElements(String hex, VR vr, String vm, String keyword, String name, boolean retired) {
        int tag = Integer.parseUnsignedInt(hex, 16);

        assertThat(Dictionary.isKnown(tag)).isTrue();
        assertThat(Dictionary.vrOf(tag)).isEqualTo(vr);
        assertThat(Dictionary.vmOf(tag)).isEqualTo(vm);
        assertThat(Dictionary.keywordOf(tag)).isEqualTo(keyword);
        assertThat(Dictionary.nameOf(tag)).isEqualTo(name);
        assertThat(Dictionary.isRetired(tag)).isEqualTo(retired);
        assertThat(Dictionary.tagOf(keyword)).isEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource({
        "60003000, OW, OverlayData",
        "60FE3000, OW, OverlayData",
        "50020005, US, CurveDimensions",
        "7F020010, OW, VariablePixelData",
        "002031AB, CS, SourceImageIDs",
        "00280431, US, ColumnsForNthOrderCoefficients",
        "00280820, CS, CodeLabel",
        "10001231, US, RunLengthTriplet",
        "1010FFFE, US, ZonalMap"
    })
    void knowsRepeatingGroups(String hex, VR vr, String keyword) {
        int tag = Integer.parseUnsignedInt(hex, 16);

        assertThat(Dictionary.vrOf(tag)).isEqualTo(vr);
        assertThat(Dictionary.keywordOf(tag)).isEqualTo(keyword);
        assertThat(Dictionary.tagOf("OverlayData")).isEqualTo(0x60003000);
    }

    @ParameterizedTest
    @CsvSource({
        "00091001, UN",
        "60013000, UN",
        "00090010, LO",
        "000900FF, LO",
        "00090001, UN",
        "00090000, UL",
        "00080000, UL",
        "00200000, UL",
        "00080003, UN",
        "FFFEE000, UN"
    })
    void tellsTheVROfWhatIsNotRegistered(String hex, VR vr) {
        assertThat(Dictionary.vrOf(Integer.parseUnsignedInt(hex, 16))).isEqualTo(vr);
    }

    @Test
    void knowsNothingOfPrivateAndUnknownElements() {
        for (int tag : new int[] {0x00091001, 0x00090010, 0x00080003, 0x60013000}) {
            assertThat(Dictionary.isKnown(tag)).isFalse();
            assertThat(Dictionary.keywordOf(tag)).isNull();
            assertThat(Dictionary.nameOf(tag)).isNull();
            assertThat(Dictionary.vmOf(tag)).isNull();
            assertThat(Dictionary.vrs(tag)).isEmpty();
            assertThat(Dictionary.isRetired(tag)).isFalse();
        }
        assertThat(Dictionary.tagOf("NoSuchThing")).isZero();
        assertThat(Dictionary.tagOf("")).isZero();
    }

    @Test
    void tellsAllVRs() {
        assertThat(Dictionary.vrs(Tag.PixelData)).containsExactly(VR.OB, VR.OW);
        assertThat(Dictionary.vrs(0x00280106)).containsExactly(VR.US, VR.SS);
        assertThat(Dictionary.vrs(0x00281200)).containsExactly(VR.US, VR.SS, VR.OW);
        assertThat(Dictionary.vrs(Tag.PatientName)).containsExactly(VR.PN);
        assertThat(Dictionary.vrs(Tag.Item)).isEmpty();
    }

    @Test
    void isCompleteAndWithoutContradictions() {
        Set<String> keywords = new HashSet<>();
        for (Dictionary.Entry entry : Dictionary.entries()) {
            if (!entry.keyword().isEmpty()) {
                assertThat(keywords.add(entry.keyword())).as(entry.keyword()).isTrue();
            }
            assertThat(entry.keyword()).matches("[A-Za-z0-9]*");
            assertThat(entry.vm()).matches("[1-9][0-9]*(-([1-9][0-9]*)?n|-[1-9][0-9]*)?");
            assertThat(Tag.isPrivate(entry.tag())).isFalse();
        }
        assertThat(Dictionary.entries()).hasSizeGreaterThan(5300).isSortedAccordingTo(byTag());
    }

    private static Comparator<Dictionary.Entry> byTag() {
        return (one, other) -> Integer.compareUnsigned(one.tag(), other.tag());
    }

    @Test
    void namesTagsAsTheCodeDoes() throws IllegalAccessException {
        List<String> wrong = new ArrayList<>();
        for (Field field : Tag.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && Dictionary.tagOf(field.getName()) != field.getInt(null)) {
                wrong.add(field.getName());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void knowsUids() {
        assertThat(Dictionary.uidName("1.2.840.10008.1.2.1")).isEqualTo("Explicit VR Little Endian");
        assertThat(Dictionary.uidOfKeyword("CTImageStorage")).isEqualTo("1.2.840.10008.5.1.4.1.1.2");
        assertThat(Dictionary.uid("1.2.840.10008.1.2.2").isRetired()).isTrue();
        assertThat(Dictionary.uid("1.2.840.10008.1.2.4.110").type()).isEqualTo("Transfer Syntax");
        assertThat(Dictionary.uid("1.2.3")).isNull();
        assertThat(Dictionary.uidName("1.2.3")).isNull();
        assertThat(Dictionary.uidOfKeyword("NoSuchThing")).isNull();
        assertThat(Dictionary.uids()).hasSizeGreaterThan(480).allSatisfy(entry -> assertThat(UIDs.isValid(entry.uid()))
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CTImageStorage",
                "EnhancedMRImageStorage",
                "ComprehensiveSRStorage",
                "EncapsulatedPDFStorage",
                "RTBeamsDeliveryInstructionStorage",
                "LabelMapSegmentationStorage",
                "StandaloneCurveStorage"
            })
    void tellsStorageSOPClasses(String keyword) {
        assertThat(Dictionary.isStorageSOPClass(Dictionary.uidOfKeyword(keyword)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Verification",
                "StorageCommitmentPushModel",
                "MediaStorageDirectoryStorage",
                "HangingProtocolStorage",
                "StudyRootQueryRetrieveInformationModelFind",
                "Storage"
            })
    void tellsOtherUidsFromStorageSOPClasses(String keyword) {
        assertThat(Dictionary.uidOfKeyword(keyword)).isNotNull();
        assertThat(Dictionary.isStorageSOPClass(Dictionary.uidOfKeyword(keyword)))
                .isFalse();
    }
}
