package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.Retrieval.Content;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.StoredInstance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LocateIT {
    private static final String STUDY = TestInstance.study(1);
    private static TestManifest manifest;
    private static StoredInstance first;

    @BeforeAll
    static void record() throws Exception {
        manifest = TestManifest.create();
        first = TestInstance.stored(1, 1, 1);
        manifest.record(TestInstance.stored(1, 10, 1));
        manifest.record(TestInstance.stored(1, 2, 10));
        manifest.record(TestInstance.stored(1, 2, 9, d -> d.remove(Tag.InstanceNumber)));
        manifest.record(TestInstance.stored(1, 2, 2));
        manifest.record(first);
        manifest.record(TestInstance.stored(2, 1, 1));
    }

    @AfterAll
    static void close() {
        manifest.close();
    }

    private static List<String> located(MatchingKey... keys) throws Exception {
        return manifest.manifest().locator().locate(TestManifest.query(QueryLevel.IMAGE, keys)).locations().stream()
                .map(InstanceLocation::sopInstanceUID)
                .toList();
    }

    @Test
    void saysWhereTheInstancesOfListsOfUIDsAre() throws Exception {
        assertThat(located(TestManifest.key(Tag.PatientID, "P1"))).hasSize(5);
        assertThat(located(TestManifest.key(Tag.StudyInstanceUID, STUDY, TestInstance.study(2), "1.2.3")))
                .hasSize(6);
        assertThat(located(
                        TestManifest.key(Tag.StudyInstanceUID, STUDY),
                        TestManifest.key(Tag.SeriesInstanceUID, TestInstance.series(1, 1), TestInstance.series(1, 10))))
                .containsExactly(TestInstance.instance(1, 1, 1), TestInstance.instance(1, 10, 1));
        assertThat(located(TestManifest.key(
                        Tag.SOPInstanceUID, TestInstance.instance(2, 1, 1), TestInstance.instance(1, 2, 2))))
                .containsExactlyInAnyOrder(TestInstance.instance(1, 2, 2), TestInstance.instance(2, 1, 1));
        assertThat(located(TestManifest.key(Tag.SOPInstanceUID, "1.2.3"))).isEmpty();
    }

    @Test
    void doesNotLocateByWhatHasToBeLookedFor() {
        assertThatThrownBy(() -> located(TestManifest.key(Tag.ProtocolName, "Thorax")))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("unique keys");
    }

    @Test
    void saysWhereAnInstanceIs() throws Exception {
        RetrievalResult result =
                manifest.locate(Content.LOCATIONS, STUDY, TestInstance.series(1, 1), TestInstance.instance(1, 1, 1));

        assertThat(result.locations()).hasSize(1);
        InstanceLocation location = result.locations().get(0);
        assertThat(location.studyInstanceUID()).isEqualTo(STUDY);
        assertThat(location.seriesInstanceUID()).isEqualTo(TestInstance.series(1, 1));
        assertThat(location.sopInstanceUID()).isEqualTo(TestInstance.instance(1, 1, 1));
        assertThat(location.sopClassUID()).isEqualTo(TestInstance.CT);
        assertThat(location.transferSyntaxUID()).isEqualTo("1.2.840.10008.1.2.1");
        assertThat(location.objectName()).isEqualTo(first.objectName());
        assertThat(location.length()).isEqualTo(first.length());
        assertThat(location.sha256()).isEqualTo(first.sha256());
        BulkIndex index = BulkIndex.decode(location.bulkIndex());
        assertThat(index.numberOfFrames()).isEqualTo(1);
        assertThat(index.frame(1)).containsExactly(new BulkIndex.Range(2048, 8192));
        assertThat(result.metadata()).isEmpty();
        assertThat(result.objects()).isNull();
    }

    @Test
    void ordersBySeriesNumberInstanceNumberAndUid() throws Exception {
        assertThat(manifest.locate(Content.LOCATIONS, STUDY, null, null).locations())
                .extracting(InstanceLocation::sopInstanceUID)
                .containsExactly(
                        TestInstance.instance(1, 1, 1),
                        TestInstance.instance(1, 2, 2),
                        TestInstance.instance(1, 2, 10),
                        TestInstance.instance(1, 2, 9),
                        TestInstance.instance(1, 10, 1));
        assertThat(manifest.locate(Content.LOCATIONS, STUDY, TestInstance.series(1, 2), null)
                        .locations())
                .extracting(InstanceLocation::sopInstanceUID)
                .containsExactly(
                        TestInstance.instance(1, 2, 2),
                        TestInstance.instance(1, 2, 10),
                        TestInstance.instance(1, 2, 9));
    }

    @Test
    void givesMetadataAsItWasMadeReady() throws Exception {
        List<byte[]> metadata =
                manifest.locate(Content.METADATA, STUDY, null, null).metadata();

        assertThat(metadata).hasSize(5);
        assertThat(metadata.get(0)).isEqualTo(PreparedInstance.of(first).metadata());
        DataSet second = PreparedJson.read(metadata.get(1));
        assertThat(second.string(Tag.SOPInstanceUID)).isEqualTo(TestInstance.instance(1, 2, 2));
        assertThat(manifest.locate(Content.METADATA, STUDY, TestInstance.series(1, 1), TestInstance.instance(1, 1, 1))
                        .metadata())
                .containsExactly(metadata.get(0));
    }

    @Test
    void givesMuchMetadataInPortionsThatAreAskedForByName() throws Exception {
        String study = TestInstance.study(4);
        List<String> uids = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            byte[] noise = new byte[i == 3 ? 2 * Locator.PORTION : Locator.PORTION / 5];
            new Random(i).nextBytes(noise);
            String text = Base64.getEncoder().encodeToString(noise);
            manifest.record(TestInstance.stored(4, 1 + i % 2, i, d -> d.setString(0x00204000, VR.LT, text)));
        }
        manifest.locate(Content.LOCATIONS, study, null, null)
                .locations()
                .forEach(location -> uids.add(location.sopInstanceUID()));
        Retrieval whole = new Retrieval("default", study, null, null, Content.METADATA);

        RetrievalResult first = manifest.manifest().locator().locate(whole);
        List<byte[]> all = new ArrayList<>(first.metadata());
        assertThat(all).hasSize(3);
        assertThat(first.left()).isEqualTo(uids.subList(3, 7));
        for (List<String> left = first.left(); !left.isEmpty(); ) {
            RetrievalResult next = manifest.manifest().locator().locate(whole.of(left));
            assertThat(next.version()).isEqualTo(first.version());
            assertThat(next.metadata()).isNotEmpty();
            assertThat(next.metadata().size() == 1
                            || next.metadata().stream()
                                            .mapToInt(one -> one.length)
                                            .sum()
                                    <= Locator.PORTION)
                    .isTrue();
            all.addAll(next.metadata());
            left = next.left();
        }

        assertThat(all)
                .extracting(json -> PreparedJson.read(json).string(Tag.SOPInstanceUID))
                .isEqualTo(uids);
    }

    @Test
    void givesOfThoseNamedOnlyWhatIsThere() throws Exception {
        Retrieval retrieval = new Retrieval("default", STUDY, TestInstance.series(1, 2), null, Content.METADATA)
                .of(List.of("1.2.3", "x\0", TestInstance.instance(1, 2, 2), TestInstance.instance(1, 1, 1)));

        RetrievalResult result = manifest.manifest().locator().locate(retrieval);

        assertThat(result.left()).isEmpty();
        assertThat(result.metadata())
                .extracting(json -> PreparedJson.read(json).string(Tag.SOPInstanceUID))
                .containsExactly(TestInstance.instance(1, 2, 2));
    }

    @Test
    void givesPlacesOfThoseNamedInTheirOrderAndOnlyWhereAllAreThere() throws Exception {
        Retrieval study = new Retrieval("default", STUDY, null, null, Content.LOCATIONS);
        Locator locator = manifest.manifest().locator();
        List<String> there = locator.locate(study).locations().stream()
                .map(InstanceLocation::sopInstanceUID)
                .limit(3)
                .toList();

        assertThat(locator.locate(study.of(List.of(there.get(1), there.get(2), there.get(0), there.get(1))))
                        .locations())
                .extracting(InstanceLocation::sopInstanceUID)
                .containsExactly(there.get(1), there.get(2), there.get(0));
        assertThatThrownBy(() -> locator.locate(study.of(List.of(there.get(0), "1.2.3.4.5"))))
                .isInstanceOfSatisfying(DicomException.class, e -> {
                    assertThat(e.status()).isEqualTo(DicomStatus.NO_SUCH_OBJECT_INSTANCE);
                    assertThat(e).hasMessage("1 of the 2 instances are there");
                });
    }

    @Test
    void readsTemplatesThatItHasNotRecordedItself() throws Exception {
        List<byte[]> expected =
                manifest.locate(Content.METADATA, STUDY, null, null).metadata();
        Locator other = new Locator(manifest.dataSource(), new Templates(), 0);

        RetrievalResult result = other.locate(new Retrieval("default", STUDY, null, null, Content.METADATA));

        assertThat(result.metadata()).containsExactlyElementsOf(expected);
    }

    @Test
    void findsNothingOfWhatIsNotThere() throws Exception {
        for (Content content : Content.values()) {
            for (String[] uids : new String[][] {
                {"1.2.3", null, null},
                {STUDY, "1.2.3", null},
                {STUDY, TestInstance.series(1, 1), "1.2.3"},
                {STUDY, TestInstance.series(2, 1), null},
                {STUDY, TestInstance.series(1, 2), TestInstance.instance(1, 1, 1)},
                {TestInstance.study(2), TestInstance.series(1, 1), TestInstance.instance(1, 1, 1)},
                {"x\0' OR true", null, null}
            }) {
                RetrievalResult result = manifest.locate(content, uids[0], uids[1], uids[2]);
                assertThat(result.version()).isNull();
                assertThat(result.locations()).isEmpty();
                assertThat(result.metadata()).isEmpty();
            }
        }
        assertThat(manifest.manifest()
                        .locator()
                        .locate(new Retrieval("other", STUDY, null, null, Content.LOCATIONS))
                        .locations())
                .isEmpty();
    }

    private static String[] versions(int study) throws Exception {
        String uid = TestInstance.study(study);
        return new String[] {
            manifest.locate(Content.VERSION, uid, null, null).version(),
            manifest.locate(Content.VERSION, uid, TestInstance.series(study, 1), null)
                    .version(),
            manifest.locate(Content.VERSION, uid, TestInstance.series(study, 1), TestInstance.instance(study, 1, 1))
                    .version(),
            manifest.locate(Content.VERSION, uid, TestInstance.series(study, 2), null)
                    .version(),
        };
    }

    @Test
    void changesTheVersionWithWhateverWouldBeGivenBack() throws Exception {
        manifest.record(TestInstance.stored(3, 1, 1));
        manifest.record(TestInstance.stored(3, 2, 1));
        String[] before = versions(3);

        manifest.record(TestInstance.stored(3, 1, 2));
        String[] added = versions(3);
        assertThat(added[0]).isNotEqualTo(before[0]);
        assertThat(added[1]).isNotEqualTo(before[1]);
        assertThat(added[2]).isEqualTo(before[2]);
        assertThat(added[3]).isEqualTo(before[3]);

        manifest.record(TestInstance.stored(3, 1, 2));
        manifest.record(TestInstance.stored(3, 1, 1, d -> d.setString(Tag.PatientComments, VR.LT, "x")));
        assertThat(versions(3)).isEqualTo(added);

        manifest.record(
                TestInstance.stored(3, 1, 1, d -> d.setString(Tag.PatientComments, VR.LT, "y")),
                ConflictPolicy.KEEP_LAST);
        String[] replaced = versions(3);
        assertThat(replaced[0]).isNotEqualTo(added[0]);
        assertThat(replaced[1]).isNotEqualTo(added[1]);
        assertThat(replaced[2]).isNotEqualTo(added[2]);
        assertThat(replaced[3]).isEqualTo(added[3]);
    }

    @Test
    void givesOneVersionForAllContents() throws Exception {
        String version = manifest.locate(Content.VERSION, STUDY, null, null).version();

        assertThat(manifest.locate(Content.LOCATIONS, STUDY, null, null).version())
                .isEqualTo(version);
        assertThat(manifest.locate(Content.METADATA, STUDY, null, null).version())
                .isEqualTo(version);
    }
}
