package org.imagingingestion.camel.manifest;

import org.imagingingestion.dicom.service.StoredInstance;

/** Rows of instances. */
final class InstanceRows {
    static final ArrayInsert INSERT = ArrayInsert.into("instance")
            .longs("series", "length")
            .texts("provider", "sop_instance_uid", "sop_class_uid", "transfer_syntax_uid", "object_name")
            .columns(Columns.IMAGE)
            .bytes("sha256", "bulk_index", "metadata")
            .computed("version", "nextval('manifest.version')")
            .end("ON CONFLICT DO NOTHING RETURNING 1");

    private InstanceRows() {}

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
