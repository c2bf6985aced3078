package org.imagingingestion.camel.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.EventElement;
import org.imagingingestion.dicom.event.ImageStoredEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

/** Which events a subscriber wants, by what they tell of the instance, or of the study. */
final class EventFilter {
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{8}");

    /** What a DicomAvailableEvent has of its instance. */
    private static final Set<Integer> AVAILABLE = Set.of(
            Tag.Modality,
            Tag.StationName,
            Tag.SOPClassUID,
            Tag.SOPInstanceUID,
            Tag.SeriesInstanceUID,
            Tag.StudyInstanceUID);

    private record Key(int tag, Predicate<String> value) {
        boolean matches(Told told) {
            String[] values = told.of(tag);
            return values.length == 0
                    ? value.test("")
                    : Arrays.stream(values).anyMatch(each -> value.test(each.strip()));
        }
    }

    /** The values of an attribute that an event tells, none where it does not tell it. */
    private interface Told {
        String[] of(int tag);
    }

    private final Predicate<String> provider;
    private final Predicate<String> selector;
    private final Predicate<String> aeTitle;
    private final List<Key> keys = new ArrayList<>();

    /** @throws IllegalArgumentException naming the option that cannot be */
    EventFilter(DicomEventEndpoint options) {
        provider = anyOf(options.getProviders());
        selector = selector(options.getSelector());
        aeTitle = anyOf(options.getAeTitle());
        add(Tag.Modality, options.getModality());
        add(Tag.StationName, options.getStation());
        for (String pair :
                isGiven(options.getAttributes()) ? options.getAttributes().split("&") : new String[0]) {
            addAttribute(pair, DicomAvailableEvent.TYPE.equals(options.getType()));
        }
    }

    private static boolean isGiven(String text) {
        return text != null && !text.isBlank();
    }

    private void add(int tag, String values) {
        if (isGiven(values)) {
            keys.add(new Key(tag, anyOf(values)));
        }
    }

    private void addAttribute(String pair, boolean isOfAvailable) {
        int at = pair.indexOf('=');
        if (at < 1) {
            throw new IllegalArgumentException("attributes has \"" + pair
                    + "\", which is not as SOPClassUID=1.2.840.*, pairs being separated by &");
        }
        String name = pair.substring(0, at).strip();
        int tag = HEX.matcher(name).matches() ? Integer.parseUnsignedInt(name, 16) : Dictionary.tagOf(name);
        if (tag == 0 || tag == -1) {
            throw new IllegalArgumentException(
                    "attributes has \"" + name + "\", which is neither the keyword nor the tag of an attribute");
        }
        if (isOfAvailable && !AVAILABLE.contains(tag)) {
            throw new IllegalArgumentException("attributes has \"" + name + "\", which a " + DicomAvailableEvent.TYPE
                    + " does not tell: filter behind the retrieval, where the whole header is");
        }
        keys.add(new Key(tag, pattern(pair.substring(at + 1).strip()).asMatchPredicate()));
    }

    /** Texts separated by commas, with wildcards; everything matches none. */
    private static Predicate<String> anyOf(String texts) {
        if (!isGiven(texts)) {
            return text -> true;
        }
        List<Predicate<String>> each = Arrays.stream(texts.split(","))
                .map(String::strip)
                .map(text -> pattern(text).asMatchPredicate())
                .toList();
        return text -> text != null && each.stream().anyMatch(one -> one.test(text));
    }

    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Regular expressions separated by commas, each for the whole of a provider's name. */
    private static Predicate<String> selector(String selector) {
        if (!isGiven(selector)) {
            return text -> true;
        }
        List<Predicate<String>> each = new ArrayList<>();
        for (String regex : selector.split(",")) {
            try {
                each.add(Pattern.compile(regex.strip()).asMatchPredicate());
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "selector has \"" + regex + "\", which is no regular expression: " + e.getDescription());
            }
        }
        return text -> text != null && each.stream().anyMatch(one -> one.test(text));
    }

    /**
     * Whether the subscriber wants an event.
     *
     * @throws DicomException where the event is none that can be told by what is asked for
     */
    boolean matches(String type, byte[] json) throws DicomException {
        return switch (type == null ? "" : type) {
            case DicomAvailableEvent.TYPE -> matches(DicomAvailableEvent.parse(json));
            case StudyRevisionEvent.TYPE -> matches(StudyRevisionEvent.parse(json));
            case ImageStoredEvent.TYPE -> matches(ImageStoredEvent.parse(json));
            default -> throw new DicomException(
                    DicomStatus.NO_SUCH_EVENT_TYPE, "Only events of instances and studies can be told apart");
        };
    }

    private boolean isOf(String name) {
        return provider.test(name) && selector.test(name);
    }

    private boolean matches(DicomAvailableEvent event) {
        Told told = tag -> one(
                switch (tag) {
                    case Tag.Modality -> event.modality();
                    case Tag.StationName -> event.stationName();
                    case Tag.SOPClassUID -> event.sopClassUID();
                    case Tag.SOPInstanceUID -> event.sopInstanceUID();
                    case Tag.SeriesInstanceUID -> event.seriesInstanceUID();
                    case Tag.StudyInstanceUID -> event.studyInstanceUID();
                    default -> null;
                });
        return isOf(event.provider()) && aeTitle.test(event.receivedFrom()) && matches(told);
    }

    private static String[] one(String value) {
        return value == null ? new String[0] : new String[] {value};
    }

    private boolean matches(Told told) {
        return keys.stream().allMatch(key -> key.matches(told));
    }

    private boolean matches(ImageStoredEvent event) throws DicomException {
        ImageStoredEvent.Image image = event.image();
        if (!isOf(event.store().provider()) || !aeTitle.test(image.receivedFrom())) {
            return false;
        }
        if (!keys.isEmpty() && image.dataSet() == null && image.elements().isEmpty()) {
            throw new DicomException(
                    DicomStatus.MISSING_ATTRIBUTE,
                    "The event has not the header of its instance, which is filtered by");
        }
        return matches(told(image.dataSet(), image.elements()));
    }

    private static Told told(DataSet dataSet, List<EventElement> elements) {
        return tag -> dataSet != null && dataSet.contains(tag)
                ? dataSet.strings(tag)
                : one(EventElement.value(elements, tag));
    }

    /** One of its series has to match, with what the study says; a study of which nothing is left matches. */
    private boolean matches(StudyRevisionEvent event) {
        StudyRevisionEvent.Study study = event.study();
        if (!isOf(event.provider())) {
            return false;
        }
        Told ofStudy = told(study.dataSet(), study.attributes());
        return study.series().isEmpty()
                || study.series().stream().anyMatch(series -> {
                    Told ofSeries = told(series.dataSet(), series.attributes());
                    return matches(tag -> {
                        String[] values = tag == Tag.Modality ? one(series.modality()) : ofSeries.of(tag);
                        return values.length > 0 ? values : ofStudy.of(tag);
                    });
                });
    }
}
