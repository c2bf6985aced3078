package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

/** The query parameters of a search (PS3.18 §8.3.4, §10.6.1.2). */
final class QueryParameters {
    private static final Pattern SAFE_NAME = Pattern.compile("[\\w.\\-]{1,128}");
    /** A path in a query has the sequence and one attribute in its items (PS3.4 §C.2.2.2.6). */
    private static final int DEEPEST_MATCH = 2;

    private static final int LARGEST_DIGITS = 9;

    private final int maxResults;
    private final Map<AttributePath, List<String>> matches = new LinkedHashMap<>();
    private final Set<List<Integer>> includeFields = new LinkedHashSet<>();
    private final List<String> ignored = new ArrayList<>();
    private boolean includeAll;
    private boolean fuzzyMatching;
    private int limit;
    private int offset;

    private QueryParameters(int maxResults) {
        this.maxResults = maxResults;
        this.limit = maxResults;
    }

    /**
     * Reads the parameters of a request.
     *
     * @param maxResults the limit where none is asked for, and the largest
     * @throws DicomException where one is not known or not well-formed, naming it but not its value, which may be a patient's
     */
    static QueryParameters parse(List<Map.Entry<String, String>> parameters, int maxResults) throws DicomException {
        QueryParameters parsed = new QueryParameters(maxResults);
        for (Map.Entry<String, String> parameter : parameters) {
            parsed.take(parameter.getKey(), parameter.getValue());
        }
        return parsed;
    }

    /** Parameters that were asked for and had no effect; their names. */
    List<String> ignored() {
        return ignored;
    }

    /** The search that is meant. @param pathKeys that the path of the request adds */
    Query query(String provider, QueryLevel level, List<MatchingKey> pathKeys) {
        List<MatchingKey> keys = new ArrayList<>(pathKeys);
        matches.forEach((path, values) -> keys.add(new MatchingKey(path.tags(), path.vr(), List.copyOf(values))));
        return new Query(provider, level, keys, List.copyOf(includeFields), includeAll, fuzzyMatching, limit, offset);
    }

    private void take(String name, String value) throws DicomException {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "limit" -> limit = Math.min(maxResults, number(name, value));
            case "offset" -> offset = number(name, value);
            case "fuzzymatching" -> fuzzyMatching = flag(name, value);
            case "emptyvaluematching", "multiplevaluematching" -> {
                if (flag(name, value)) {
                    ignored.add(name.toLowerCase(Locale.ROOT));
                }
            }
            case "includefield" -> include(value);
            case "accept", "charset" -> {
                // of every transaction, and not of the search
            }
            default -> match(name, value);
        }
    }

    private void include(String value) throws DicomException {
        for (String field : value.split(",")) {
            String name = field.strip();
            if (name.equalsIgnoreCase("all")) {
                includeAll = true;
            } else if (!name.isEmpty()) {
                AttributePath path = AttributePath.parse(name);
                if (path == null) {
                    throw malformed("includefield names no attribute: " + shown(name));
                }
                includeField(path);
            }
        }
    }

    private void includeField(AttributePath path) {
        List<Integer> tags = path.tags();
        includeFields.add(tags.subList(0, Math.min(tags.size(), DEEPEST_MATCH)));
    }

    private void match(String name, String value) throws DicomException {
        AttributePath path = AttributePath.parse(name);
        if (path == null) {
            throw malformed("The query has a key that is no attribute and no parameter of a search: " + shown(name));
        }
        if (MatchingValues.isUniversal(value.strip())) {
            includeField(path);
            return;
        }
        if (path.tags().size() > DEEPEST_MATCH) {
            throw malformed("Items of sequences are matched one level deep, not as in " + shown(name));
        }
        List<String> values = new ArrayList<>(MatchingValues.parse(name, path.vr(), value));
        List<String> before = matches.putIfAbsent(path, values);
        if (before != null) {
            if (path.vr() != VR.UI) {
                throw malformed("The query has a key twice: " + shown(name));
            }
            before.addAll(values);
        }
    }

    private static int number(String name, String value) throws DicomException {
        String digits = value.strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(name + " is to be a number, 0 or more");
        }
        return digits.length() > LARGEST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private static boolean flag(String name, String value) throws DicomException {
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        if (value.equalsIgnoreCase("false")) {
            return false;
        }
        throw malformed(name + " is to be true or false");
    }

    /** A name as far as it can be shown. */
    private static String shown(String name) {
        return SAFE_NAME.matcher(name).matches() ? name : "(a name with characters that no name has)";
    }

    private static DicomException malformed(String message) {
        return new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, message);
    }
}
