package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.QueryLevel;

/** Matches attributes that have no column, in the JSON of their level. All of one filter are to match in one item. */
final class AttributeFilter {
    private record Condition(int tag, Predicate<String[]> predicate) {}

    private final QueryLevel level;
    private final List<Integer> sequences;
    private final int first;
    private final List<Condition> conditions = new ArrayList<>();

    private AttributeFilter(QueryLevel level, List<Integer> path) {
        this.level = level;
        first = path.get(0);
        sequences = path.subList(0, path.size() - 1);
    }

    /** @param keys that are in the same sequence, or each the only one */
    static AttributeFilter of(QueryLevel level, List<MatchingKey> keys) throws DicomException {
        AttributeFilter filter = new AttributeFilter(level, keys.get(0).path());
        for (MatchingKey key : keys) {
            filter.conditions.add(new Condition(key.tag(), ValueMatch.of(key)));
        }
        return filter;
    }

    /** The level whose attributes are asked for. */
    QueryLevel level() {
        return level;
    }

    boolean matches(JsonMembers attributes) {
        int index = attributes.find(first);
        if (index < 0) {
            return false;
        }
        byte[] json = new JsonObject().add(attributes, index).toBytes();
        return matches(PreparedJson.read(json), sequences);
    }

    private boolean matches(DataSet dataSet, List<Integer> path) {
        if (path.isEmpty()) {
            return conditions.stream()
                    .allMatch(condition -> condition.predicate().test(dataSet.strings(condition.tag())));
        }
        List<Integer> rest = path.subList(1, path.size());
        return dataSet.items(path.get(0)).stream().anyMatch(item -> matches(item, rest));
    }
}
