package org.imagingingestion.camel.manifest;

/** Wildcards of DICOM (PS3.4 §C.2.2.2.4) as patterns of LIKE. */
final class Wildcards {
    private Wildcards() {}

    static boolean hasWildcards(String value) {
        return value.indexOf('*') >= 0 || value.indexOf('?') >= 0;
    }

    /** {@code *} becomes {@code %} and {@code ?} becomes {@code _}; what LIKE takes for its own is escaped. */
    static String like(String value) {
        return escape(value).replace('*', '%').replace('?', '_');
    }

    /** What LIKE takes for its own is escaped. */
    static String escape(String value) {
        StringBuilder pattern = new StringBuilder(value.length() + 8);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || c == '%' || c == '_') {
                pattern.append('\\');
            }
            pattern.append(c);
        }
        return pattern.toString();
    }

    /** Whether a text is what a value with wildcards means; it takes no longer than the product of their lengths. */
    static boolean matches(String value, String text) {
        int[] pattern = value.codePoints().toArray();
        int[] characters = text.codePoints().toArray();
        int at = 0;
        int star = -1;
        int starAt = 0;
        for (int i = 0; i < characters.length; ) {
            if (at < pattern.length && pattern[at] == '*') {
                star = at++;
                starAt = i;
            } else if (at < pattern.length && (pattern[at] == '?' || pattern[at] == characters[i])) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++starAt;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }

    /**
     * A pattern that finds, in what the function {@code manifest.indexable} makes of texts, all that the given pattern finds
     * in the texts; it may find more.
     */
    static String spelt(String pattern) {
        if (pattern.chars().allMatch(c -> c < 128 && c != '_')) {
            return pattern;
        }
        StringBuilder spelt = new StringBuilder(pattern.length() * 4);
        for (int i = 0; i < pattern.length(); ) {
            int c = pattern.codePointAt(i);
            i += Character.charCount(c);
            if (c >= 128) {
                spelt.append('z').append(Integer.toHexString(c));
            } else if (c == '\\' && i < pattern.length()) {
                spelt.append('\\').append(pattern.charAt(i++));
            } else {
                // one character may be spelt in several
                spelt.append(c == '_' ? '%' : (char) c);
            }
        }
        return spelt.toString();
    }
}
