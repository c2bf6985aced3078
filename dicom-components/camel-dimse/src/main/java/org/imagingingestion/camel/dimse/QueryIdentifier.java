package org.imagingingestion.camel.dimse;

import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;

/** The identifier that asks another application entity for what a {@link Query} means (PS3.4 §C.4.1.1.3.1). */
final class QueryIdentifier {
    private QueryIdentifier() {}

    static DataSet of(Query query) {
        DataSet identifier = new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(Tag.QueryRetrieveLevel, VR.CS, query.level().name());
        for (List<Integer> path : query.includeFields()) {
            put(identifier, path, Dictionary.vrOf(path.get(path.size() - 1)), List.of());
        }
        for (MatchingKey key : query.keys()) {
            put(identifier, key.path(), key.vr(), key.values());
        }
        int unique = Identifier.uniqueKey(query.level());
        if (!identifier.contains(unique)) {
            put(identifier, List.of(unique), Dictionary.vrOf(unique), List.of());
        }
        return identifier;
    }

    private static void put(DataSet identifier, List<Integer> path, VR vr, List<String> values) {
        DataSet owner = identifier;
        for (int tag : path.subList(0, path.size() - 1)) {
            if (!(owner.get(tag) instanceof Sequence)) {
                owner.setItems(tag, new DataSet());
            } else if (owner.items(tag).isEmpty()) {
                ((Sequence) owner.get(tag)).add(new DataSet());
            }
            owner = owner.items(tag).get(0);
        }
        int tag = path.get(path.size() - 1);
        if (vr == VR.SQ) {
            owner.setItems(tag);
        } else if (values.isEmpty()) {
            owner.setBytes(tag, vr);
        } else if (vr.isString()) {
            owner.setString(tag, vr, values.toArray(String[]::new));
        } else {
            owner.setInt(tag, vr, values.stream().mapToLong(Long::parseLong).toArray());
        }
    }
}
