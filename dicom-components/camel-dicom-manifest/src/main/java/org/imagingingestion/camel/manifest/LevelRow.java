package org.imagingingestion.camel.manifest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.QueryLevel;

/**
 * What one instance says of its patient, study or series.
 *
 * @param values of {@link Columns#of}, in that order
 * @param requests of a series, values of {@link Columns#REQUEST} of each item of Request Attributes Sequence
 * @param attributes all attributes of the level as DICOM JSON
 * @param digest of the attributes
 */
record LevelRow(QueryLevel level, String[] values, List<String[]> requests, byte[] attributes, long digest) {

    static LevelRow of(QueryLevel level, DataSet dataSet, JsonMembers metadata) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < metadata.size(); i++) {
            if (isOf(level, metadata.tagAt(i))) {
                object.add(metadata, i);
            }
        }
        return of(level, dataSet, object.toBytes());
    }

    /** Puts merged attributes in the place of an instance's. */
    static LevelRow of(QueryLevel level, byte[] attributes) {
        return of(level, PreparedJson.read(attributes), attributes);
    }

    private static LevelRow of(QueryLevel level, DataSet dataSet, byte[] attributes) {
        List<String[]> requests = level == QueryLevel.SERIES ? requests(dataSet) : List.of();
        return new LevelRow(level, Column.values(Columns.of(level), dataSet), requests, attributes, digest(attributes));
    }

    private static List<String[]> requests(DataSet dataSet) {
        List<String[]> requests = new ArrayList<>();
        for (DataSet item : dataSet.items(Tag.RequestAttributesSequence)) {
            String[] values = Column.values(Columns.REQUEST, item);
            if (values[0] != null || values[1] != null) {
                requests.add(values);
            }
        }
        return requests;
    }

    /** A study has its patient's attributes as well: patients of one ID are not always one patient. */
    private static boolean isOf(QueryLevel level, int tag) {
        QueryLevel attribute = InformationModel.levelOf(tag);
        return attribute == level
                || level == QueryLevel.STUDY && attribute == QueryLevel.PATIENT
                || level != QueryLevel.PATIENT && InformationModel.isOfEveryLevel(tag);
    }

    private static long digest(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("MD5").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
