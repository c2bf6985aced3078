package org.imagingingestion.dicom;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The name of a person: up to three component groups of up to five components each (PS3.5 §6.2.1). A group is the text of
 * its components, separated by {@code ^} and without delimiters at its end; it is empty where it is absent.
 *
 * @param alphabetic the first group
 * @param ideographic the second group
 * @param phonetic the third group
 */
public record PersonName(String alphabetic, String ideographic, String phonetic) {
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\x00]+");
    private static final Pattern SPACE_AT_DELIMITER = Pattern.compile(" ?([\\^=]) ?");
    private static final Pattern DIACRITICS = Pattern.compile("\\p{InCombiningDiacriticalMarks}+");

    /** Letters that are not a plain letter with a mark on it, and how they are written without. */
    private static final Map<Character, String> LETTERS = Map.ofEntries(
            Map.entry('ß', "ss"),
            Map.entry('ẞ', "SS"),
            Map.entry('æ', "ae"),
            Map.entry('Æ', "AE"),
            Map.entry('œ', "oe"),
            Map.entry('Œ', "OE"),
            Map.entry('ø', "o"),
            Map.entry('Ø', "O"),
            Map.entry('ł', "l"),
            Map.entry('Ł', "L"),
            Map.entry('đ', "d"),
            Map.entry('Đ', "D"),
            Map.entry('ð', "d"),
            Map.entry('Ð', "D"),
            Map.entry('þ', "th"),
            Map.entry('Þ', "TH"),
            Map.entry('ħ', "h"),
            Map.entry('Ħ', "H"),
            Map.entry('ŧ', "t"),
            Map.entry('Ŧ', "T"),
            Map.entry('ı', "i"));

    /** Reads one value of VR PN; what follows a third {@code =} is left with the third group. */
    public static PersonName of(String value) {
        String[] groups = value.split("=", 3);
        return new PersonName(
                withoutEnd(groups[0].strip(), '^'),
                groups.length > 1 ? withoutEnd(groups[1].strip(), '^') : "",
                groups.length > 2 ? withoutEnd(groups[2].strip(), '^') : "");
    }

    private static String withoutEnd(String text, char delimiter) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == delimiter || text.charAt(end - 1) == ' ')) {
            end--;
        }
        return text.substring(0, end);
    }

    /** The family name complex of a group, empty where absent. */
    public static String familyName(String group) {
        return component(group, 0);
    }

    /** The given name complex of a group, empty where absent. */
    public static String givenName(String group) {
        return component(group, 1);
    }

    /** The middle name of a group, empty where absent. */
    public static String middleName(String group) {
        return component(group, 2);
    }

    /** The name prefix of a group, empty where absent. */
    public static String namePrefix(String group) {
        return component(group, 3);
    }

    /** The name suffix of a group, empty where absent. */
    public static String nameSuffix(String group) {
        return component(group, 4);
    }

    private static String component(String group, int index) {
        String[] components = group.split("\\^", -1);
        return index < components.length ? components[index].strip() : "";
    }

    /** The value as VR PN has it, without delimiters at the end of groups and of the whole. */
    @Override
    public String toString() {
        return withoutEnd(alphabetic + '=' + ideographic + '=' + phonetic, '=');
    }

    /**
     * A name, or a query for one, as searches compare them: in upper case, white space between words reduced to one space
     * and none beside delimiters, empty components and groups at the end left out.
     */
    public static String normalized(String name) {
        return of(isTight(name) ? name : tight(name)).toString().toUpperCase(Locale.ROOT);
    }

    private static String tight(String name) {
        return SPACE_AT_DELIMITER.matcher(SPACE.matcher(name).replaceAll(" ")).replaceAll("$1");
    }

    /** Whether it is ASCII without any space that {@link #tight} would take away, as most names are. */
    private static boolean isTight(String name) {
        char before = '^';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isDelimiter = c == '^' || c == '=';
            if (c < ' '
                    || c > '~'
                    || before == ' ' && (c == ' ' || isDelimiter)
                    || c == ' ' && (before == '^' || before == '=')) {
                return false;
            }
            before = c;
        }
        return true;
    }

    /**
     * A text with accents taken from its letters and letters such as ß, ø, æ and ł replaced by plain ones. Marks that make
     * another letter in their script, as of kana and of Indic vowels, stay.
     */
    public static String withoutAccents(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
        String plain = Normalizer.normalize(DIACRITICS.matcher(decomposed).replaceAll(""), Normalizer.Form.NFC);
        StringBuilder folded = new StringBuilder(plain.length());
        for (char c : plain.toCharArray()) {
            String letters = c < 0x80 ? null : LETTERS.get(c);
            if (letters == null) {
                folded.append(c);
            } else {
                folded.append(letters);
            }
        }
        return folded.toString();
    }
}
