package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.service.StoredInstance;

/** Rows of instances. */
final class InstanceRows {
    static final ArrayInsert INSERT = insert("ON CONFLICT DO NOTHING RETURNING 1");

    private InstanceRows() {}

    /** @param clauses what to do on conflict, what to return */
    static ArrayInsert insert(String clauses) {
        return ArrayInsert.into("instance")
                .longs("series", "length")
                .texts("provider", "sop_instance_uid", "sop_class_uid", "transfer_syntax_uid", "object_name")
                .columns(Columns.IMAGE)
                .bytes("sha256", "bulk_index", "metadata")
                .computed("version", "nextval('manifest.version')")
                .end(clauses);
    }

    /** The rows of a batch whose series have their ids, in the order in which they are locked. */
    static List<Object[]> of(Connection connection, Batch batch, Templates templates) throws SQLException {
        List<Batch.Series> series = batch.series();
        Map<Long, Delta.Base> bases = templates.of(connection, series);
        Map<PreparedInstance, Long> seriesOf = new HashMap<>();
        List<PreparedInstance> instances = new ArrayList<>();
        for (Batch.Series one : series) {
            one.instances.forEach(instance -> seriesOf.put(instance, one.id));
            instances.addAll(one.instances);
        }
        List<Object[]> rows = new ArrayList<>(instances.size());
        for (PreparedInstance instance : Batch.sorted(instances)) {
            long id = seriesOf.get(instance);
            rows.add(row(instance, id, Delta.encode(bases.get(id), instance.metadata())));
        }
        return rows;
    }

    /** @param metadata told from the template of the series */
    static Object[] row(PreparedInstance instance, long series, byte[] metadata) {
        StoredInstance stored = instance.stored();
        Object[] row = new Object[10 + Columns.IMAGE.size()];
        row[0] = series;
        row[1] = stored.length();
        row[2] = stored.provider();
        row[3] = instance.sopInstanceUID();
        row[4] = instance.sopClassUID();
        row[5] = transferSyntax(stored);
        row[6] = stored.objectName();
        System.arraycopy(instance.image(), 0, row, 7, Columns.IMAGE.size());
        row[row.length - 3] = stored.sha256();
        row[row.length - 2] = instance.bulkIndex();
        row[row.length - 1] = metadata;
        return row;
    }

    static String transferSyntax(StoredInstance stored) {
        String uid = Values.text(stored.transferSyntax().uid());
        return uid == null ? "" : uid;
    }
}
