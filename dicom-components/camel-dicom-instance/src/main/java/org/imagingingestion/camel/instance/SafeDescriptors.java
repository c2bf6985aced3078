package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.service.InstanceFilter;

/** Descriptions that are known to be harmless, and stay where descriptors are cleaned. */
final class SafeDescriptors {
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{8}");

    private final Map<Integer, List<Pattern>> allowed = new HashMap<>();

    /**
     * Reads a list.
     *
     * @param text {@code ProtocolName;SeriesDescription=T1 *|T2 *}: attributes with what their values may be; any where
     *     nothing is said
     * @throws IllegalArgumentException naming what is wrong in it
     */
    static SafeDescriptors parse(String text) {
        SafeDescriptors safe = new SafeDescriptors();
        for (String each : text.split("[;\n]")) {
            if (!each.isBlank()) {
                safe.add(each.strip());
            }
        }
        return safe;
    }

    private void add(String entry) {
        int at = entry.indexOf('=');
        String name = (at < 0 ? entry : entry.substring(0, at)).strip();
        int tag = HEX.matcher(name).matches() ? Integer.parseUnsignedInt(name, 16) : Dictionary.tagOf(name);
        ConfidentialityProfile.Row row = tag == 0 ? null : ConfidentialityProfile.row(tag);
        if (row == null || !row.isCleaned()) {
            throw new IllegalArgumentException(
                    "safeDescriptors has \"" + name + "\", which is no attribute that an option of the profile cleans");
        }
        List<Pattern> patterns = allowed.computeIfAbsent(tag, unused -> new ArrayList<>());
        for (String pattern : (at < 0 ? "*" : entry.substring(at + 1)).split("\\|")) {
            patterns.add(InstanceFilter.pattern(pattern.strip()));
        }
    }

    /** Whether an attribute may stay, all values of it being allowed. */
    boolean allows(int tag, String[] values) {
        List<Pattern> patterns = allowed.get(tag);
        if (patterns == null) {
            return false;
        }
        for (String value : values) {
            if (patterns.stream().noneMatch(pattern -> pattern.matcher(value).matches())) {
                return false;
            }
        }
        return true;
    }
}
