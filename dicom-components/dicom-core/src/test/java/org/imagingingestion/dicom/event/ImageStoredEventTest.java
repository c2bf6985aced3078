package org.imagingingestion.dicom.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImageStoredEventTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    private static DataSet dataSet() {
        DataSet item = new DataSet().setString(0x00080100, VR.SH, "CODE");
        item.put(new Element.Bulk(0x54001010, VR.OW, 100, 5000, false));
        DataSet d = new DataSet();
        d.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100");
        d.setString(0x00080008, VR.CS, "ORIGINAL", "PRIMARY");
        d.setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.2");
        d.setString(Tag.SOPInstanceUID, VR.UI, "1.2.3.4");
        d.setString(Tag.PatientName, VR.PN, "Jürgens^Änne");
        d.setString(0x00180050, VR.DS, "1.50");
        d.setItems(0x00081110, item);
        d.setString(Tag.StudyInstanceUID, VR.UI, "1.2");
        d.setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3");
        d.setInt(Tag.Rows, VR.US, 64);
        d.put(new Fragments(Tag.PixelData, VR.OB).add(1, 0, new byte[0]).add(3000, 10, null));
        return d;
    }

    private static StoredInstance stored() {
        return new StoredInstance(
                        "north",
                        "north/1.2/1.2.3/1.2.3.4_x.dcm",
                        4711,
                        new byte[32],
                        TransferSyntax.of("1.2.840.10008.1.2.4.50"),
                        dataSet())
                .withReceivedFrom("CT01");
    }

    private static ImageStoredEvent event() throws DicomException {
        return ImageStoredEvent.of(stored(), "http://in/wado-rs", "https://out/wado-rs");
    }

    @Test
    void hasTheJsonOfTheSchema() throws Exception {
        EventSchema.check(ImageStoredEvent.TYPE, event().toJson());
        EventSchema.check(ImageStoredEvent.TYPE, event().withoutHeader().toJson());
    }

    @Test
    void hasTheMembersThatSubscribersKnow() throws Exception {
        assertThat(new String(event().toJson(), StandardCharsets.UTF_8))
                .startsWith(
                        "{\"image\":{\"transferSyntaxUID\":\"1.2.840.10008.1.2.4.50\",\"studyInstanceUID\":\"1.2\",")
                .contains("\"elements\":["
                        + "{\"group\":\"0008\",\"element\":\"0005\",\"vr\":\"CS\",\"value\":\"ISO_IR 100\"},"
                        + "{\"group\":\"0008\",\"element\":\"0008\",\"vr\":\"CS\",\"value\":\"ORIGINAL\"},")
                .contains("{\"group\":\"0008\",\"element\":\"1110\",\"vr\":\"SQ\",\"value\":null}")
                .contains("{\"group\":\"0010\",\"element\":\"0010\",\"vr\":\"PN\",\"value\":\"Jürgens^Änne\"}")
                .contains("{\"group\":\"0028\",\"element\":\"0010\",\"vr\":\"US\",\"value\":\"64\"}")
                .doesNotContain("{\"group\":\"7FE0\"")
                .contains("\"store\":{\"provider\":\"north\",\"bucketName\":null,"
                        + "\"objectName\":\"north/1.2/1.2.3/1.2.3.4_x.dcm\",\"wadoInternalEndpoint\":\"http://in/wado-rs\","
                        + "\"wadoExternalEndpoint\":\"https://out/wado-rs\",");
    }

    @Test
    void givesBackWhatIsToBeRecorded() throws Exception {
        StoredInstance read = ImageStoredEvent.parse(event().toJson()).stored();

        assertThat(read.provider()).isEqualTo("north");
        assertThat(read.objectName()).isEqualTo(stored().objectName());
        assertThat(read.length()).isEqualTo(4711);
        assertThat(read.sha256()).isEqualTo(new byte[32]);
        assertThat(read.transferSyntax().uid()).isEqualTo("1.2.840.10008.1.2.4.50");
        assertThat(read.receivedFrom()).isEqualTo("CT01");
        assertThat(read.dataSet().string(Tag.PatientName)).isEqualTo("Jürgens^Änne");
        assertThat(read.dataSet().string(0x00180050)).isEqualTo("1.50");
        assertThat(read.bulkIndex()).isEqualTo(stored().bulkIndex());
        BulkIndex index = BulkIndex.decode(read.bulkIndex());
        assertThat(index.value("00081110/0/54001010").ranges()).containsExactly(new BulkIndex.Range(100, 5000));
        assertThat(index.frame(1)).containsExactly(new BulkIndex.Range(3000, 10));
    }

    @Test
    void isWrittenAsItWasRead() throws Exception {
        // the first time it may still be in another character set
        byte[] json = ImageStoredEvent.parse(event().toJson()).toJson();

        assertThat(ImageStoredEvent.parse(json).toJson()).isEqualTo(json);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(new String(event().toJson(), StandardCharsets.UTF_8).replace("ISO_IR 100", "ISO_IR 192"));
    }

    @Test
    void asksForTheObjectWhereItHasNoHeader() throws Exception {
        ImageStoredEvent read = ImageStoredEvent.parse(event().withoutHeader().toJson());

        assertThat(read.stored()).isNull();
        assertThat(read.image().elements()).isEmpty();
        assertThat(read.image().sopInstanceUID()).isEqualTo("1.2.3.4");
        assertThat(new String(read.toJson(), StandardCharsets.UTF_8)).doesNotContain("Jürgens");
    }

    @Test
    void hasTheSameIdForTheSameObjectAndAnotherForAnother() throws Exception {
        CloudEvent first = event().toCloudEvent("urn:a", TIME, null);
        CloudEvent again = event().withoutHeader().toCloudEvent("urn:a", TIME.plusSeconds(9), null);
        CloudEvent other =
                ImageStoredEvent.of(stored().withProvider("south"), null, null).toCloudEvent("urn:a", TIME, null);

        assertThat(first.id()).isEqualTo(again.id()).isNotEqualTo(other.id());
        assertThat(first.type()).isEqualTo("ImageStoredEvent");
        assertThat(first.subject()).isEqualTo("/studies/1.2/series/1.2.3/instances/1.2.3.4");
        assertThat(first.partitionKey()).isEqualTo("north/1.2");
        assertThat(other.partitionKey()).isEqualTo("south/1.2");
    }

    @Test
    void readsAnEventOfAnOriginalSender() throws Exception {
        ImageStoredEvent read = ImageStoredEvent.parse(
                """
                {"image":{"transferSyntaxUID":"1.2.840.10008.1.2.1","elements":[
                {"group":"0008","element":"0016","vr":"UI","value":"1.2.840.10008.5.1.4.1.1.2"},
                {"group":"0008","element":"0018","vr":"UI","value":"1.2.3.4"},
                {"group":"0020","element":"000D","vr":"UI","value":"1.2"},
                {"group":"0020","element":"000E","vr":"UI","value":"1.2.3"}]},
                "store":{"provider":"default","bucketName":null,"objectName":"0f.dcm",
                "wadoInternalEndpoint":"http://in","wadoExternalEndpoint":"http://out"}}
                """
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(read.image().studyInstanceUID()).isEqualTo("1.2");
        assertThat(read.image().sopInstanceUID()).isEqualTo("1.2.3.4");
        assertThat(read.stored()).isNull();
    }

    @Test
    void hasElementsOfItsDataSetOnlyWhenItIsWritten() throws Exception {
        ImageStoredEvent read = ImageStoredEvent.parse(event().toJson());

        assertThat(read.image().elements()).isEmpty();
        assertThat(new String(read.toJson(), StandardCharsets.UTF_8))
                .contains("{\"group\":\"0010\",\"element\":\"0010\",\"vr\":\"PN\",\"value\":\"Jürgens^Änne\"}");
    }

    @Test
    void isNotMadeOfAnInstanceThatTheManifestWouldNotTake() {
        StoredInstance stored = stored();
        stored.dataSet().remove(Tag.SeriesInstanceUID);

        assertThatThrownBy(() -> ImageStoredEvent.of(stored, null, null))
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS))
                .hasMessage("SeriesInstanceUID is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "[]", "{}", "{\"image\":{}}", "{\"image\":null}", "{\"store\":3}", "\u0000"})
    void refusesWhatIsNoEvent(String json) {
        assertThatThrownBy(() -> ImageStoredEvent.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.CANNOT_UNDERSTAND))
                .hasMessageStartingWith("ImageStoredEvent ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"1.2.3.4\"|\"../../etc/passwd\"|has in image.sopInstanceUID what is not a UID",
                "\"provider\":\"north\"|\"provider\":null|has no store.provider",
                "\"length\":4711|\"length\":-1|has a negative store.length",
                "\"length\":4711|\"length\":99999999999999999999|is not well-formed",
                "\"sha256\":\"00|\"sha256\":\"zz|has in store.sha256 what is not a digest",
                "\"bulkIndex\":\"|\"bulkIndex\":\"////|has in image.bulkIndex what is not an index",
                "\"vr\":\"PN\",\"Value\":[{|\"vr\":\"PN\",\"Value\":[[{|JSON",
            })
    void tellsWhatIsWrongButNoValue(String right, String wrong, String message) throws Exception {
        String json = new String(event().toJson(), StandardCharsets.UTF_8);
        assertThat(json).contains(right);

        assertThatThrownBy(
                        () -> ImageStoredEvent.parse(json.replace(right, wrong).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("passwd")
                .hasMessageNotContaining("Jürgens");
    }

    @Test
    void endsWithItsInputWhereverThatIsCutOff() throws Exception {
        byte[] json = event().toJson();
        for (int length = 0; length < json.length; length++) {
            byte[] cut = Arrays.copyOf(json, length);
            assertThatThrownBy(() -> ImageStoredEvent.parse(cut)).isInstanceOf(DicomException.class);
        }
    }

    @Test
    void doesNotGoDownABottomlessDocument() {
        String json = "{\"image\":{\"other\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> ImageStoredEvent.parse(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DicomException.class);
    }
}
