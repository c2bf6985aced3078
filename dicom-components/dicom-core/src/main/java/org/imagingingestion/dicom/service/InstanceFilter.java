package org.imagingingestion.dicom.service;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Dictionary;

/**
 * Which instances are meant: {@code AETitle=SCANNER&Modality=MR&00080070=ACME*}. {@code AETitle} is the sender's, {@code Provider}
 * the name of the storage space; the other keys are keywords or tags of attributes at the top of the data set, whose values match
 * with wildcards and letter by letter, any of several values does. All keys have to match. An empty filter means every instance.
 */
public final class InstanceFilter {
    private static final String AE_TITLE = "AETitle";
    private static final String PROVIDER = "Provider";
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{8}");

    private record Key(int tag, Pattern value) {}

    private final List<String> callers = new ArrayList<>();
    private final List<String> providers = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();

    private InstanceFilter() {}

    /** @throws IllegalArgumentException naming what is wrong in it */
    public static InstanceFilter parse(String text) {
        InstanceFilter filter = new InstanceFilter();
        for (String pair : text.split("&")) {
            if (!pair.isBlank()) {
                int at = pair.indexOf('=');
                if (at < 1) {
                    throw new IllegalArgumentException("The filter \"" + text + "\" has \"" + pair
                            + "\", which is not as Modality=MR, pairs being separated by &");
                }
                filter.add(
                        text,
                        pair.substring(0, at).strip(),
                        pair.substring(at + 1).strip());
            }
        }
        return filter;
    }

    private void add(String text, String key, String value) {
        if (key.equals(AE_TITLE)) {
            callers.add(value);
            return;
        }
        if (key.equals(PROVIDER)) {
            providers.add(value);
            return;
        }
        int tag = HEX.matcher(key).matches() ? Integer.parseUnsignedInt(key, 16) : Dictionary.tagOf(key);
        if (tag == 0 || tag == -1) {
            throw new IllegalArgumentException("The filter \"" + text + "\" has \"" + key
                    + "\", which is neither AETitle, Provider nor the keyword or the tag of an attribute");
        }
        keys.add(new Key(tag, pattern(value)));
    }

    /** The text that has {@code *} for any characters and {@code ?} for one, as a pattern of the whole of a value. */
    public static Pattern pattern(String value) {
        StringBuilder regex = new StringBuilder();
        for (char c : value.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Tags of the attributes that it asks for. */
    public List<Integer> tags() {
        return keys.stream().map(Key::tag).toList();
    }

    /** Whether it asks who sent the instance. */
    public boolean isOfCaller() {
        return !callers.isEmpty();
    }

    /**
     * Whether an instance is meant.
     *
     * @param provider name of the storage space, {@code null} where that is not known
     * @param callingAE AE title of who sent the instance, {@code null} where it came otherwise
     */
    public boolean matches(String provider, String callingAE, DataSet dataSet) {
        return callers.stream().allMatch(caller -> caller.equals(callingAE))
                && providers.stream().allMatch(name -> name.equals(provider))
                && keys.stream().allMatch(key -> matches(key, dataSet.strings(key.tag())));
    }

    private static boolean matches(Key key, String[] values) {
        if (values.length == 0) {
            return key.value().matcher("").matches();
        }
        for (String value : values) {
            if (key.value().matcher(value.strip()).matches()) {
                return true;
            }
        }
        return false;
    }
}
