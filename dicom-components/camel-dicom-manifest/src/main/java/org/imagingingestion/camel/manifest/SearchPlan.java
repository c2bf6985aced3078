package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

/**
 * What a search has to do: conditions that the database answers from its columns, and those on any other attribute, which
 * are looked up in the attributes of what the conditions leave.
 */
final class SearchPlan {
    private final Query query;
    private final Conditions conditions = new Conditions();
    private final List<AttributeFilter> filters = new ArrayList<>();
    private boolean isInStudy;
    private boolean isInSeries;

    private SearchPlan(Query query) {
        this.query = query;
    }

    /** @throws DicomException INVALID_ARGUMENT_VALUE naming the key that cannot be matched, and why */
    static SearchPlan of(Query query) throws DicomException {
        if (query.limit() < 0 || query.offset() < 0) {
            throw Keys.invalid(query.limit() < 0 ? "limit" : "offset", "is negative");
        }
        SearchPlan plan = new SearchPlan(query);
        plan.addProvider();
        Map<List<Integer>, List<MatchingKey>> sequences = new LinkedHashMap<>();
        for (MatchingKey key : query.keys()) {
            Keys.check(key);
            plan.checkLevel(key);
            if (Keys.isUniversal(key)) {
                continue;
            }
            if (key.path().size() > 1) {
                List<Integer> sequence = key.path().subList(0, key.path().size() - 1);
                sequences.computeIfAbsent(sequence, s -> new ArrayList<>()).add(key);
            } else {
                plan.addKey(key);
            }
        }
        for (List<MatchingKey> keys : sequences.values()) {
            plan.addItem(keys);
        }
        return plan;
    }

    private void addProvider() {
        for (String alias : aliases(query.level())) {
            conditions.and(alias + ".provider = ?", query.provider());
        }
        if (query.level() == QueryLevel.PATIENT) {
            conditions.and("EXISTS (SELECT 1 FROM manifest.study s WHERE s.patient = p.id)");
        }
    }

    private static List<String> aliases(QueryLevel level) {
        return switch (level) {
            case PATIENT -> List.of("p");
            case STUDY -> List.of("st");
            case SERIES -> List.of("st", "se");
            case IMAGE -> List.of("st", "se", "i");
        };
    }

    private void checkLevel(MatchingKey key) throws DicomException {
        int tag = key.path().get(0);
        QueryLevel level = InformationModel.levelOf(tag);
        if (level.compareTo(query.level()) > 0 && !isOfAnyLevel(tag)) {
            throw Keys.invalid(
                    Keys.name(key.path()),
                    "is an attribute of level " + level + ", which a search for level " + query.level()
                            + " does not match (PS3.4 §C.4.1.2.2)");
        }
    }

    private static boolean isOfAnyLevel(int tag) {
        return switch (tag) {
            case Tag.SpecificCharacterSet,
                    Tag.QueryRetrieveLevel,
                    Tag.InstanceAvailability,
                    Tag.TimezoneOffsetFromUTC -> true;
            default -> false;
        };
    }

    private void addKey(MatchingKey key) throws DicomException {
        int tag = key.tag();
        List<String> values = Keys.values(key);
        switch (tag) {
            case Tag.SpecificCharacterSet, Tag.QueryRetrieveLevel -> {}
            case Tag.InstanceAvailability -> {
                if (!values.contains("ONLINE")) {
                    conditions.and("FALSE");
                }
            }
            case Tag.ModalitiesInStudy -> addModalities(values);
            case Tag.NumberOfPatientRelatedStudies,
                    Tag.NumberOfPatientRelatedSeries,
                    Tag.NumberOfPatientRelatedInstances -> throw Keys.invalid(
                    Keys.name(key.path()), "is returned and cannot be matched");
            default -> addAttribute(key, values);
        }
    }

    private void addAttribute(MatchingKey key, List<String> values) throws DicomException {
        int tag = key.tag();
        isInStudy |= tag == Tag.StudyInstanceUID && values.size() == 1;
        isInSeries |= tag == Tag.SeriesInstanceUID && values.size() == 1;
        QueryLevel level = levelOf(tag);
        Column column = Columns.find(level, tag, query.fuzzyMatching());
        if (column == null) {
            filters.add(AttributeFilter.of(level, List.of(key)));
        } else {
            conditions.match(alias(level), column, values, Keys.name(key.path()));
        }
    }

    /** The level whose row has the attribute: a study has its patient's. */
    private QueryLevel levelOf(int tag) {
        QueryLevel level = isOfAnyLevel(tag) ? query.level() : InformationModel.levelOf(tag);
        return level == QueryLevel.PATIENT && query.level() != QueryLevel.PATIENT ? QueryLevel.STUDY : level;
    }

    private static String alias(QueryLevel level) {
        List<String> aliases = aliases(level);
        return aliases.get(aliases.size() - 1);
    }

    private void addModalities(List<String> values) {
        if (values.stream().noneMatch(Wildcards::hasWildcards)) {
            conditions.and("st.modalities && ?", (Object) values.toArray(String[]::new));
            return;
        }
        List<String> any = new ArrayList<>();
        List<Object> patterns = new ArrayList<>();
        for (String value : values) {
            any.add("EXISTS (SELECT 1 FROM manifest.series m WHERE m.study = st.id AND m.modality LIKE ?)");
            patterns.add(Wildcards.like(value));
        }
        conditions.and('(' + String.join(" OR ", any) + ')', patterns.toArray());
    }

    /** Keys of one sequence must all match in one of its items (PS3.4 §C.2.2.2.6). */
    private void addItem(List<MatchingKey> keys) throws DicomException {
        Conditions item = new Conditions();
        boolean isComplete = true;
        for (MatchingKey key : keys) {
            Column column = requestColumn(key);
            isComplete &= column != null;
            if (column != null) {
                item.match("r", column, Keys.values(key), Keys.name(key.path()));
            }
        }
        if (!item.parameters().isEmpty()) {
            item.and("r.series = se.id").and("r.provider = ?", query.provider());
            conditions.and(
                    "EXISTS (SELECT 1 FROM manifest.request r WHERE " + item.sql() + ')',
                    item.parameters().toArray());
        }
        if (!isComplete) {
            filters.add(AttributeFilter.of(levelOf(keys.get(0).path().get(0)), keys));
        }
    }

    private static Column requestColumn(MatchingKey key) {
        if (key.path().size() != 2 || key.path().get(0) != Tag.RequestAttributesSequence) {
            return null;
        }
        return Columns.REQUEST.stream()
                .filter(column -> column.tag() == key.tag())
                .findFirst()
                .orElse(null);
    }

    Query query() {
        return query;
    }

    Conditions conditions() {
        return conditions;
    }

    List<AttributeFilter> filters() {
        return filters;
    }

    /** Whether all that can be found is in one study. */
    boolean isInStudy() {
        return isInStudy;
    }

    /** Whether all that can be found is in one series. */
    boolean isInSeries() {
        return isInStudy && isInSeries;
    }
}
