package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;

/**
 * What a search is asked by, below the address of a service (PS3.18 §8.3.4, §10.6.1): more than one address where a key has
 * several values, or too many for one URL.
 */
final class SearchAddresses {
    private static final int MOST_REQUESTS = 1000;
    private static final String AS_THEY_ARE = "-._~*?:";

    private final Query query;
    private final boolean lists;
    private final int longest;
    private final String study;
    private final String series;

    /**
     * @param lists whether several values of a key that is no UID are asked for at once
     * @param longest address, but for one with a single UID
     */
    SearchAddresses(Query query, boolean lists, int longest) {
        this.query = query;
        this.lists = lists;
        this.longest = longest;
        boolean below = query.level() == QueryLevel.SERIES || query.level() == QueryLevel.IMAGE;
        study = below ? onlyUid(Tag.StudyInstanceUID) : null;
        series = study != null && query.level() == QueryLevel.IMAGE ? onlyUid(Tag.SeriesInstanceUID) : null;
    }

    private String onlyUid(int tag) {
        List<MatchingKey> keys = query.keys().stream()
                .filter(key -> key.path().equals(List.of(tag)))
                .toList();
        if (keys.size() != 1 || keys.get(0).values().size() != 1) {
            return null;
        }
        String uid = keys.get(0).values().get(0);
        return UIDs.isLenient(uid) ? uid : null;
    }

    /** The study that all matches are of, {@code null} where it is not only one. */
    String study() {
        return study;
    }

    /** The series that all matches are of, {@code null} where it is not only one. */
    String series() {
        return series;
    }

    /**
     * The addresses, all with a query and without limit and offset.
     *
     * @throws DicomException where there would be too many
     */
    List<String> all() throws DicomException {
        String rest = path() + "?" + fixed();
        List<String> addresses = List.of(rest);
        MatchingKey uids = longestUidList();
        for (MatchingKey key : query.keys()) {
            if (isInPath(key) || key == uids || key.values().isEmpty()) {
                continue;
            }
            List<String> alternatives = key.vr() == VR.UI || lists
                    ? List.of(key.values().stream().map(SearchAddresses::encode).collect(Collectors.joining(",")))
                    : key.values().stream().map(SearchAddresses::encode).toList();
            addresses = product(addresses, name(key.path()) + "=", alternatives);
        }
        if (uids != null) {
            int longestRest = addresses.stream().mapToInt(String::length).max().orElse(0);
            String name = name(uids.path()) + "=";
            addresses = product(addresses, name, chunks(uids.values(), longest - longestRest - name.length() - 1));
        }
        return addresses;
    }

    private static List<String> product(List<String> addresses, String name, List<String> alternatives)
            throws DicomException {
        if ((long) addresses.size() * alternatives.size() > MOST_REQUESTS) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE,
                    "The values of all keys together would take more than " + MOST_REQUESTS + " requests");
        }
        List<String> product = new ArrayList<>();
        for (String address : addresses) {
            for (String alternative : alternatives) {
                product.add(address + (address.endsWith("?") ? "" : "&") + name + alternative);
            }
        }
        return product;
    }

    private static List<String> chunks(List<String> uids, int room) {
        List<String> chunks = new ArrayList<>();
        StringBuilder chunk = new StringBuilder();
        for (String uid : new LinkedHashSet<>(uids)) {
            String encoded = encode(uid);
            if (chunk.length() > 0 && chunk.length() + 1 + encoded.length() > room) {
                chunks.add(chunk.toString());
                chunk.setLength(0);
            }
            chunk.append(chunk.length() == 0 ? "" : ",").append(encoded);
        }
        chunks.add(chunk.toString());
        return chunks;
    }

    private MatchingKey longestUidList() {
        MatchingKey found = null;
        for (MatchingKey key : query.keys()) {
            int size = found == null ? 1 : found.values().size();
            if (key.vr() == VR.UI && key.values().size() > size) {
                found = key;
            }
        }
        return found;
    }

    private boolean isInPath(MatchingKey key) {
        return study != null && key.path().equals(List.of(Tag.StudyInstanceUID))
                || series != null && key.path().equals(List.of(Tag.SeriesInstanceUID));
    }

    private String path() {
        String above = (study == null ? "" : "/studies/" + study) + (series == null ? "" : "/series/" + series);
        return switch (query.level()) {
            case PATIENT, STUDY -> "/studies";
            case SERIES -> above + "/series";
            case IMAGE -> above + "/instances";
        };
    }

    /** What is the same in all. */
    private String fixed() {
        List<String> parameters = new ArrayList<>();
        if (query.fuzzyMatching()) {
            parameters.add("fuzzymatching=true");
        }
        if (query.includeAll()) {
            parameters.add("includefield=all");
        }
        Set<List<Integer>> fields = new LinkedHashSet<>(query.includeFields());
        for (MatchingKey key : query.keys()) {
            if (key.values().isEmpty()) {
                fields.add(key.path());
            } else {
                fields.remove(key.path());
            }
        }
        if (!query.includeAll()) {
            fields.forEach(field -> parameters.add("includefield=" + name(field)));
        }
        return String.join("&", parameters);
    }

    private static String name(List<Integer> path) {
        return path.stream().map(Tag::toHexString).collect(Collectors.joining("."));
    }

    /** As RFC 3986 has it; wildcards may stay, and some servers do not know them again otherwise. */
    private static String encode(String value) {
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
            if (plain || b > 0 && AS_THEY_ARE.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }
}
