package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Searches made up at random find what going through all data sets finds, by the rules of PS3.4 §C.2.2.2. */
class SearchOracleIT {
    private static final int STUDIES = 30;
    private static final int SERIES = 2;
    private static final int INSTANCES = 2;
    private static final int SEARCHES = 250;

    private static final String[] NAMES = {
        "Doe^Jane",
        "doe^john",
        "Müller^Änne",
        "Muller^Anne",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        "O'Neil^S_100%",
        "Doe",
        null,
        ""
    };
    private static final String[] TEXTS = {"A1", "a1", "A 1", "A_1", "A%1", "A[1]", "ÄB", "AB1", "B", null, ""};
    private static final String[] DATES = {"20231231", "20240101", "20240229", "20240301", null, ""};
    private static final String[] TIMES = {"000000", "101112", "101113", "235959", null, ""};
    private static final String[] MODALITIES = {"CT", "MR", "PT"};

    /** Attributes that are searched for, and the lowest level whose matches they limit. */
    private static final int[] STUDY_TAGS = {
        Tag.PatientName,
        Tag.PatientID,
        Tag.PatientBirthDate,
        Tag.AccessionNumber,
        Tag.StudyID,
        Tag.StudyDescription,
        Tag.ReferringPhysicianName,
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.StudyInstanceUID
    };

    private static final int[] SERIES_TAGS = {
        Tag.Modality,
        Tag.SeriesDescription,
        Tag.SeriesNumber,
        Tag.PerformedProcedureStepStartDate,
        Tag.SeriesInstanceUID
    };
    private static final int[] IMAGE_TAGS = {Tag.InstanceNumber, Tag.SOPInstanceUID, Tag.ContentDate};

    private static final List<DataSet> ALL = new ArrayList<>();
    private static TestManifest manifest;

    @BeforeAll
    static void record() throws Exception {
        manifest = TestManifest.create();
        Random random = new Random(1);
        for (int study = 1; study <= STUDIES; study++) {
            TreeMap<Integer, String> ofStudy = values(random, STUDY_TAGS);
            for (int series = 1; series <= SERIES; series++) {
                TreeMap<Integer, String> ofSeries = values(random, SERIES_TAGS);
                for (int instance = 1; instance <= INSTANCES; instance++) {
                    DataSet dataSet = TestInstance.ct(study, series, instance);
                    set(dataSet, ofStudy);
                    set(dataSet, ofSeries);
                    set(dataSet, values(random, Tag.ContentDate));
                    ALL.add(dataSet);
                    manifest.record(TestInstance.stored(dataSet));
                }
            }
        }
    }

    @AfterAll
    static void close() {
        manifest.close();
    }

    /** Values at random; numbers and UIDs stay as they are. */
    private static TreeMap<Integer, String> values(Random random, int... tags) {
        TreeMap<Integer, String> values = new TreeMap<>();
        for (int tag : tags) {
            String[] some = some(tag);
            if (some != null) {
                values.put(tag, some[random.nextInt(some.length)]);
            }
        }
        // studies of one patient would have to agree about it
        values.computeIfPresent(Tag.PatientID, (tag, id) -> id + random.nextInt());
        return values;
    }

    private static String[] some(int tag) {
        return switch (Dictionary.vrOf(tag)) {
            case PN -> NAMES;
            case LO, SH -> TEXTS;
            case DA -> DATES;
            case TM -> TIMES;
            case CS -> MODALITIES;
            default -> null;
        };
    }

    private static void set(DataSet dataSet, TreeMap<Integer, String> values) {
        values.forEach((tag, value) -> {
            if (value == null) {
                dataSet.remove(tag);
            } else {
                dataSet.setString(tag, Dictionary.vrOf(tag), value);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void findsWhatGoingThroughAllFinds(long seed) throws Exception {
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < SEARCHES; i++) {
            QueryLevel level = List.of(QueryLevel.STUDY, QueryLevel.SERIES, QueryLevel.IMAGE)
                    .get(random.nextInt(3));
            List<MatchingKey> keys = keys(random, level);
            boolean fuzzy = random.nextInt(4) == 0;
            Query query = new Query("default", level, keys, List.of(), false, fuzzy, 10_000, 0);
            Set<String> expected = ALL.stream()
                    .filter(dataSet -> keys.stream().allMatch(key -> matches(dataSet, key, fuzzy)))
                    .map(dataSet -> dataSet.string(uidOf(level)))
                    .collect(Collectors.toCollection(TreeSet::new));

            List<String> uids = new ArrayList<>();
            for (byte[] match : manifest.search(query).matches()) {
                uids.add(PreparedJson.read(match).string(uidOf(level)));
            }

            assertThat(uids)
                    .as("seed %d, search %d, %s fuzzy %s, %s", seed, i, level, fuzzy, described(keys))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(expected);
            found += expected.isEmpty() ? 0 : 1;
        }
        assertThat(found).as("searches that find something").isGreaterThan(SEARCHES / 4);
    }

    private static String described(List<MatchingKey> keys) {
        return keys.stream()
                .map(key -> Dictionary.keywordOf(key.path().get(0)) + " " + key.values())
                .collect(Collectors.joining(", "));
    }

    private static int uidOf(QueryLevel level) {
        return switch (level) {
            case SERIES -> Tag.SeriesInstanceUID;
            case IMAGE -> Tag.SOPInstanceUID;
            default -> Tag.StudyInstanceUID;
        };
    }

    private static List<MatchingKey> keys(Random random, QueryLevel level) {
        List<Integer> tags = new ArrayList<>();
        Arrays.stream(STUDY_TAGS).forEach(tags::add);
        if (level != QueryLevel.STUDY) {
            Arrays.stream(SERIES_TAGS).forEach(tags::add);
        }
        if (level == QueryLevel.IMAGE) {
            Arrays.stream(IMAGE_TAGS).forEach(tags::add);
        }
        Set<Integer> chosen = new LinkedHashSet<>();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            chosen.add(tags.get(random.nextInt(tags.size())));
        }
        return chosen.stream().map(tag -> key(random, tag)).toList();
    }

    /** A key that is made from a value that is there, so that many find something. */
    private static MatchingKey key(Random random, int tag) {
        String there = null;
        for (int i = 0; i < 10 && (there == null || there.isEmpty()); i++) {
            there = ALL.get(random.nextInt(ALL.size())).string(tag);
        }
        VR vr = Dictionary.vrOf(tag);
        List<String> values =
                switch (vr) {
                    case UI -> List.of(
                            there, ALL.get(random.nextInt(ALL.size())).string(tag), "1.2.3.4");
                    case DA, TM -> List.of(range(random, there, vr));
                    case PN -> List.of(
                            random.nextBoolean() ? wildcard(random, group(random, there)) : otherCase(there));
                    case LO, SH, CS -> List.of(random.nextInt(3) > 0 ? wildcard(random, there) : there);
                    default -> List.of(there);
                };
        return new MatchingKey(List.of(tag), vr, values);
    }

    private static String range(Random random, String value, VR vr) {
        String other = vr == VR.DA ? DATES[random.nextInt(4)] : TIMES[random.nextInt(4)];
        return switch (random.nextInt(4)) {
            case 0 -> value + "-";
            case 1 -> "-" + value;
            case 2 -> value.compareTo(other) < 0 ? value + "-" + other : other + "-" + value;
            default -> value;
        };
    }

    private static String group(Random random, String name) {
        String[] groups = name.split("=");
        return groups[random.nextInt(groups.length)];
    }

    private static String otherCase(String text) {
        return text.chars()
                .mapToObj(c -> Character.toString(
                        Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)))
                .collect(Collectors.joining());
    }

    private static String wildcard(Random random, String text) {
        int from = random.nextInt(text.length());
        int to = from + 1 + random.nextInt(text.length() - from);
        return text.substring(0, from) + (random.nextBoolean() ? "*" : "?".repeat(to - from)) + text.substring(to);
    }

    private static boolean matches(DataSet dataSet, MatchingKey key, boolean fuzzy) {
        int tag = key.path().get(0);
        String stored = dataSet.string(tag);
        String wanted = key.values().get(0);
        if (wanted.matches("\\*+")) {
            return true;
        }
        if (stored == null || stored.isEmpty()) {
            return false;
        }
        return switch (key.vr()) {
            case UI -> key.values().contains(stored);
            case DA, TM -> inRange(stored, wanted);
            case PN -> name(stored, wanted, fuzzy);
            case IS -> Integer.parseInt(stored) == Integer.parseInt(wanted);
            default -> pattern(wanted, 0).test(stored);
        };
    }

    private static boolean inRange(String stored, String wanted) {
        int dash = wanted.indexOf('-');
        return dash < 0
                ? stored.equals(wanted)
                : stored.compareTo(wanted.substring(0, dash)) >= 0
                        && (dash == wanted.length() - 1 || stored.compareTo(wanted.substring(dash + 1)) <= 0);
    }

    private static boolean name(String stored, String wanted, boolean fuzzy) {
        String[] storedGroups = (fuzzy ? plain(stored) : stored).split("=");
        String[] wantedGroups = (fuzzy ? plain(wanted) : wanted).split("=");
        int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        if (wantedGroups.length == 1) {
            return Arrays.stream(storedGroups).anyMatch(pattern(wantedGroups[0], flags));
        }
        for (int i = 0; i < wantedGroups.length; i++) {
            if (i >= storedGroups.length || !pattern(wantedGroups[i], flags).test(storedGroups[i])) {
                return false;
            }
        }
        return true;
    }

    private static String plain(String name) {
        return name.replace("ü", "u").replace("Ü", "U").replace("Ä", "A").replace("ä", "a");
    }

    private static Predicate<String> pattern(String wanted, int flags) {
        String regex = wanted.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return Pattern.compile(regex, flags).asMatchPredicate();
    }
}
