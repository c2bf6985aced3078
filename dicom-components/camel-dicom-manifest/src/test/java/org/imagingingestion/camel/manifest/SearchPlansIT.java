package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;

import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imagingingestion.camel.manifest.TestManifest.itemKey;
import static org.imagingingestion.camel.manifest.TestManifest.key;

/** Every key that must be matched finds its matches by an index, among 100,000 instances of 25,000 studies. */
class SearchPlansIT {
    private static final int LIMIT = 101;
    private static AgroalDataSource dataSource;

    @BeforeAll
    static void generate() {
        dataSource = TestServer.manifest(2);
        TestServer.execute(
                dataSource,
                """
                INSERT INTO manifest.patient (provider, patient_id, issuer_of_patient_id, patient_name, patient_name_plain, attributes)
                SELECT 'default', 'P' || n, '', '=N' || md5(n::text) || '^JANE===', '=N' || md5(n::text) || '^JANE===', '{}'
                FROM generate_series(1, 25000) n""",
                """
                INSERT INTO manifest.study (version, bytes, number_of_instances, number_of_series, patient, study_time,
                    study_date, patient_birth_date, provider, study_instance_uid, patient_id, patient_sex, patient_name,
                    patient_name_plain, accession_number, study_id, study_description, referring_physician_name,
                    referring_physician_name_plain, modalities, merged, attributes)
                SELECT n, 1, 4, 2, n, make_time(n % 24, n / 24 % 60, n % 60), date '2010-01-01' + n % 5000,
                    date '1930-01-01' + n % 30000, 'default', '1.2.' || n, 'P' || n, CASE n % 2 WHEN 0 THEN 'F' ELSE 'M' END,
                    '=N' || md5(n::text) || '^JANE===', '=N' || md5(n::text) || '^JANE===', 'A' || n, 'S' || n,
                    'DESCRIPTION ' || md5(n::text), '=R' || md5((n / 10)::text) || '===', '=R' || md5((n / 10)::text) || '===',
                    CASE WHEN n % 1000 = 0 THEN '{XA}'::text[] WHEN n % 2 = 0 THEN '{CT}' ELSE '{MR,SR}' END, '{}', '{}'
                FROM generate_series(1, 25000) n""",
                """
                INSERT INTO manifest.series (study, version, bytes, number_of_instances, series_number,
                    performed_procedure_step_start_time, performed_procedure_step_start_date, provider, series_instance_uid,
                    modality, series_description, body_part_examined, merged, attributes)
                SELECT s.id, 1, 1, 2, n, s.study_time, s.study_date, 'default', s.study_instance_uid || '.' || n,
                    CASE WHEN s.id % 1000 = 0 THEN 'XA' WHEN s.id % 2 = 0 THEN 'CT' ELSE 'MR' END, 'SERIES', 'CHEST', '{}', '{}'
                FROM manifest.study s CROSS JOIN generate_series(1, 2) n""",
                """
                INSERT INTO manifest.request (series, item, provider, scheduled_procedure_step_id, requested_procedure_id)
                SELECT id, 0, 'default', 'SPS' || id, 'RP' || id FROM manifest.series""",
                """
                INSERT INTO manifest.instance (series, version, length, instance_number, provider, sop_instance_uid,
                    sop_class_uid, transfer_syntax_uid, object_name, sha256, bulk_index, metadata)
                SELECT e.id, 1, 1, n, 'default', e.series_instance_uid || '.' || n,
                    CASE e.modality WHEN 'XA' THEN '1.2.840.10008.5.1.4.1.1.12.1' ELSE '1.2.840.10008.5.1.4.1.1.2' END,
                    '1.2', e.series_instance_uid || '/' || n, '', '', '' FROM manifest.series e CROSS JOIN generate_series(1, 2) n""",
                "VACUUM ANALYZE manifest.patient",
                "VACUUM ANALYZE manifest.study",
                "VACUUM ANALYZE manifest.series",
                "VACUUM ANALYZE manifest.request",
                "VACUUM ANALYZE manifest.instance");
    }

    @AfterAll
    static void close() {
        dataSource.close();
    }

    private static String explain(boolean fuzzy, QueryLevel level, MatchingKey... keys) throws Exception {
        SearchStatement search = SearchStatement.of(
                SearchPlan.of(new Query("default", level, List.of(keys), List.of(), false, fuzzy, LIMIT, 0)));
        StringBuilder plan = new StringBuilder();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + search.sql())) {
            search.bind(connection, explain);
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "STUDY, 00080020, 20200101",
        "STUDY, 00080020, 20200101-20200110",
        "STUDY, 00080020, 20200101-",
        "STUDY, 00080020, -20100110",
        "STUDY, 00080030, 101112",
        "STUDY, 00080030, 1011-1012",
        "STUDY, 00080050, A17",
        "STUDY, 00080050, A17*",
        "STUDY, 00080050, *1777*",
        "STUDY, 00080061, CT",
        "STUDY, 00080061, XA",
        "STUDY, 00080061, X*",
        "STUDY, 00081030, *abcd*",
        "STUDY, 00081030, DESCRIPTION 17",
        "STUDY, 00080090, RABCD*",
        "STUDY, 00080090, *ABCD*",
        "STUDY, 00100010, NABCD*",
        "STUDY, 00100010, *ABCD*",
        "STUDY, 00100010, N17^JANE",
        "STUDY, 00100010, N?ABC*",
        "STUDY, 00100010, *山田*",
        "STUDY, 00100010, *山*",
        "STUDY, 00100020, P17",
        "STUDY, 00100020, P17*",
        "STUDY, 00100020, *1777*",
        "STUDY, 00100030, 19500101",
        "STUDY, 00100030, 19500101-19500110",
        "STUDY, 00100040, F",
        "STUDY, 0020000D, 1.2.17",
        "STUDY, 00200010, S17",
        "STUDY, 00200010, *1777",
        "SERIES, 00080060, CT",
        "SERIES, 00080060, XA",
        "SERIES, 0020000E, 1.2.17.1",
        "SERIES, 00200011, 1",
        "SERIES, 00200011, 999",
        "SERIES, 00400244, 20200101",
        "SERIES, 00400244, 20200101-20200110",
        "SERIES, 00400245, 101112",
        "SERIES, 00400245, 101112-101113",
        "SERIES, 0020000D, 1.2.17",
        "SERIES, 00100020, P17",
        "SERIES, 00080020, 20200101",
        "IMAGE, 00080016, 1.2.840.10008.5.1.4.1.1.2",
        "IMAGE, 00080016, 1.2.840.10008.5.1.4.1.1.12.1",
        "IMAGE, 00080018, 1.2.17.1.1",
        "IMAGE, 00200013, 1",
        "IMAGE, 00200013, 999",
        "IMAGE, 0020000D, 1.2.17",
        "IMAGE, 0020000E, 1.2.17.1",
        "IMAGE, 00100020, P17",
        "PATIENT, 00100010, *ABCD*",
        "PATIENT, 00100020, P17",
    })
    void findsByAnIndex(QueryLevel level, String tag, String value) throws Exception {
        MatchingKey key = key(Integer.parseUnsignedInt(tag, 16), value);

        assertThat(explain(false, level, key)).doesNotContain("Seq Scan");
        assertThat(explain(true, level, key)).doesNotContain("Seq Scan");
    }

    @ParameterizedTest
    @CsvSource({"00400009, SPS17", "00401001, RP17"})
    void findsItemsByAnIndex(String tag, String value) throws Exception {
        MatchingKey key = itemKey(Tag.RequestAttributesSequence, Integer.parseUnsignedInt(tag, 16), value);

        assertThat(explain(false, QueryLevel.SERIES, key)).doesNotContain("Seq Scan");
        assertThat(explain(false, QueryLevel.IMAGE, key)).doesNotContain("Seq Scan");
    }

    @Test
    void findsListsOfUidsByAnIndex() throws Exception {
        assertThat(explain(false, QueryLevel.STUDY, key(Tag.StudyInstanceUID, "1.2.1", "1.2.2", "1.2.3")))
                .doesNotContain("Seq Scan");
    }

    @Test
    void findsTheLatestByTheIndexOfTheOrder() throws Exception {
        assertThat(explain(false, QueryLevel.STUDY)).contains("study_order").doesNotContain("Seq Scan");
        assertThat(explain(false, QueryLevel.SERIES)).contains("study_order").doesNotContain("Seq Scan");
        assertThat(explain(false, QueryLevel.IMAGE)).contains("study_order").doesNotContain("Seq Scan");
    }
}
