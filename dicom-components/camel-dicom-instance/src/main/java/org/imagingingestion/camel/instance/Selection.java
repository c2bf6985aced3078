package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceFilter;

/** Which instances and events go on: those that all conditions take that are given. */
final class Selection {
    private final List<Pattern> selector = new ArrayList<>();
    private final List<String> providers;
    private final List<Pattern> modalities;
    private final List<String> aeTitles;
    private final List<Pattern> stationNames;
    private final InstanceFilter keep;
    private final InstanceFilter drop;

    /** Each may be {@code null}. @throws IllegalArgumentException naming what is wrong in one */
    Selection(
            String selector,
            String provider,
            String modality,
            String aeTitle,
            String stationName,
            String keep,
            String drop) {
        for (String expression : list(selector)) {
            try {
                this.selector.add(Pattern.compile(expression));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("selector has " + expression + ": " + e.getDescription(), e);
            }
        }
        providers = list(provider);
        modalities = list(modality).stream().map(InstanceFilter::pattern).toList();
        aeTitles = list(aeTitle);
        stationNames = list(stationName).stream().map(InstanceFilter::pattern).toList();
        this.keep = keep == null ? null : InstanceFilter.parse(keep);
        this.drop = drop == null || drop.isBlank() ? null : InstanceFilter.parse(drop);
    }

    private static List<String> list(String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .toList();
    }

    /** @throws DicomException where the candidate does not tell what is asked for */
    boolean takes(Candidate candidate) throws DicomException {
        return (selector.isEmpty() || candidate.provider() != null && matches(selector, candidate.provider()))
                && (providers.isEmpty() || providers.contains(candidate.provider()))
                && (aeTitles.isEmpty() || aeTitles.contains(callingAE(candidate)))
                && matches(modalities, candidate, Tag.Modality)
                && matches(stationNames, candidate, Tag.StationName)
                && (keep == null || matches(keep, candidate))
                && (drop == null || !matches(drop, candidate));
    }

    private static boolean matches(List<Pattern> patterns, Candidate candidate, int tag) throws DicomException {
        if (patterns.isEmpty()) {
            return true;
        }
        requireTold(candidate, tag);
        return matches(patterns, candidate.dataSet().string(tag, ""));
    }

    private static boolean matches(List<Pattern> patterns, String value) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(value).matches());
    }

    private static boolean matches(InstanceFilter filter, Candidate candidate) throws DicomException {
        for (int tag : filter.tags()) {
            requireTold(candidate, tag);
        }
        return filter.matches(
                candidate.provider(), filter.isOfCaller() ? callingAE(candidate) : null, candidate.dataSet());
    }

    private static String callingAE(Candidate candidate) throws DicomException {
        if (!candidate.tellsCaller()) {
            throw untold(candidate, "the AE title of the sender");
        }
        return candidate.callingAE();
    }

    private static void requireTold(Candidate candidate, int tag) throws DicomException {
        if (candidate.told() != null && !candidate.told().contains(tag)) {
            throw untold(candidate, Tag.toString(tag));
        }
    }

    private static DicomException untold(Candidate candidate, String what) {
        return new DicomException(
                DicomStatus.NO_SUCH_ATTRIBUTE,
                "The filter asks for " + what + ", which a " + candidate.what()
                        + " does not tell; behind dicom-retrieve-action it can be asked for");
    }
}
