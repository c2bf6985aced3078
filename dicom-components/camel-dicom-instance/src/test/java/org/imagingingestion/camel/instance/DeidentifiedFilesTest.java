package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.imagingingestion.camel.instance.ConfidentialityProfile.Action;
import org.imagingingestion.camel.instance.ConfidentialityProfile.Row;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** All files of pydicom that are instances, de-identified without options. */
class DeidentifiedFilesTest {
    private static final int TELLING = 4;

    /** Instances, with all elements read. */
    static Stream<Path> instances() {
        return PydicomFiles.all().filter(DeidentifiedFilesTest::isInstance);
    }

    private static boolean isInstance(Path path) {
        try (InputStream in = Files.newInputStream(path);
                InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            body.stream().transferTo(OutputStream.nullOutputStream());
            return body.dataSet().containsValue(Tag.SOPInstanceUID)
                    && body.dataSet().containsValue(Tag.SOPClassUID);
        } catch (IOException | DicomException e) {
            return false;
        }
    }

    @Test
    void areManyAndOfEverySyntax() {
        assertThat(instances().count()).isGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("instances")
    void keepPixelsAndNothingOfThePatient(Path path) throws Exception {
        byte[] original = Files.readAllBytes(path);
        byte[] made = Instances.rewrite(original, Instances.deidentifier());

        DicomFile before = Instances.read(original);
        DicomFile after = Instances.read(made);
        assertThat(after.transferSyntax()).isEqualTo(before.transferSyntax());
        assertThat(after.fileMetaInformation().string(Tag.MediaStorageSOPInstanceUID))
                .isEqualTo(after.dataSet().string(Tag.SOPInstanceUID))
                .startsWith("2.25.");
        assertThat(after.dataSet().string(Tag.PatientIdentityRemoved)).isEqualTo("YES");
        for (int tag : List.of(Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData)) {
            assertSameButForZeros(pixels(after.dataSet(), tag), pixels(before.dataSet(), tag));
        }
        for (Element element : after.dataSet()) {
            assertThat(Integer.compareUnsigned(element.tag(), Tag.PixelData)).isLessThanOrEqualTo(0);
        }

        Set<String> kept = new HashSet<>(List.of(
                "",
                "REMOVED",
                "000000",
                "YES",
                "DCM",
                "113100",
                "PS3.15 2024b Basic Application" + " Confidentiality Profile",
                "Imaging Ingestion",
                "Basic Application Confidentiality Profile"));
        Set<String> gone = new HashSet<>();
        collect(before.dataSet(), false, kept, gone);
        // the header as it would be in the file if it was not deflated
        String header = header(after.dataSet());
        String all = String.join("\n", kept);
        for (String value : gone) {
            if (value.length() >= TELLING && !all.contains(value)) {
                assertThat(header.contains(value)).as("%s has %s", path, value).isFalse();
            }
        }
    }

    /** What compressed frames say beside their image is overwritten by zeros. */
    private static void assertSameButForZeros(List<ByteBuffer> made, List<ByteBuffer> original) {
        assertThat(made).hasSameSizeAs(original);
        for (int i = 0; i < made.size(); i++) {
            ByteBuffer one = made.get(i);
            ByteBuffer other = original.get(i);
            assertThat(one.remaining()).isEqualTo(other.remaining());
            for (int at = one.mismatch(other); at >= 0 && at < one.limit(); at++) {
                assertThat(one.get(at)).isIn((byte) 0, other.get(at));
            }
        }
    }

    private static List<ByteBuffer> pixels(DataSet dataSet, int tag) {
        Element element = dataSet.get(tag);
        List<ByteBuffer> bytes = new ArrayList<>();
        if (element instanceof Element.Value value) {
            bytes.add(ByteBuffer.wrap(value.bytes()));
        } else if (element instanceof Fragments fragments) {
            for (int i = 0; i < fragments.count(); i++) {
                bytes.add(ByteBuffer.wrap(fragments.bytes(i)));
            }
        }
        return bytes;
    }

    private static String header(DataSet dataSet) throws IOException {
        List<Integer> pixels = new ArrayList<>();
        dataSet.forEach(element -> {
            if (Tag.isPixelData(element.tag())) {
                pixels.add(element.tag());
            }
        });
        pixels.forEach(dataSet::remove);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeDataSet(dataSet, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Divides values, as they are encoded, into those that the profile leaves and those it does not. */
    private static void collect(DataSet dataSet, boolean isGone, Set<String> kept, Set<String> gone) {
        for (Element element : dataSet) {
            int tag = element.tag();
            if (Tag.isPixelData(tag) || Tag.isGroupLength(tag)) {
                continue;
            }
            Row row = ConfidentialityProfile.row(tag);
            Action action = Tag.isPrivate(tag)
                    ? Action.REMOVE
                    : row != null ? row.basicAction() : Dictionary.isKnown(tag) ? Action.KEEP : Action.REMOVE;
            boolean removed = isGone || action != Action.KEEP && !(element instanceof Sequence && action == Action.UID);
            if (element instanceof Sequence sequence) {
                sequence.items().forEach(item -> collect(item, removed, kept, gone));
            } else if (element instanceof Element.Value value) {
                // enumerated values and numbers may be in a dummy item
                boolean harmless = isGone && (value.vr() == VR.CS || !value.vr().isString() && value.vr() != VR.UN);
                boolean wellKnown = value.vr() == VR.UI && Dictionary.uid(dataSet.string(tag, "")) != null;
                String text = new String(value.bytes(), StandardCharsets.ISO_8859_1);
                for (String each : value.vr().isString() ? text.split("\\\\") : new String[] {text}) {
                    (removed && !harmless && !wellKnown ? gone : kept).add(stripped(each));
                }
            }
        }
    }

    private static String stripped(String text) {
        return text.replaceAll("[ \\x00]+$", "").replaceAll("^ +", "");
    }

    @ParameterizedTest
    @MethodSource("instances")
    void areTheSameWhenNoRuleChangesThem(Path path) throws Exception {
        byte[] original = Files.readAllBytes(path);
        InstanceBody source = InstanceBody.receive(new ByteArrayInputStream(original), ParseLimits.STREAMING);
        byte[] received = source.stream().readAllBytes();
        assertThat(Instances.rewrite(
                        original, Instances.coercion("remove ScheduledStepAttributesSequence[7].PatientID")))
                .isEqualTo(received);
    }

    @ParameterizedTest
    @MethodSource("instances")
    void areReadAgainWhenARuleChangesThem(Path path) throws Exception {
        byte[] original = Files.readAllBytes(path);
        byte[] made = Instances.rewrite(original, Instances.coercion("set InstitutionName = General"));
        DataSet before = Instances.read(original).dataSet();
        DataSet after = Instances.read(made).dataSet();
        assertThat(after.string(Tag.InstitutionName)).isEqualTo("General");
        assertThat(Arrays.asList(after.strings(Tag.PatientName)))
                .isEqualTo(Arrays.asList(before.strings(Tag.PatientName)));
        assertThat(pixels(after, Tag.PixelData)).isEqualTo(pixels(before, Tag.PixelData));
    }
}
