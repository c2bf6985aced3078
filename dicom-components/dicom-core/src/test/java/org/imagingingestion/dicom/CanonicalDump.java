package org.imagingingestion.dicom;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** What is read, one line an element, in the form that {@code dump_dicom.py} prints what pydicom reads. */
final class CanonicalDump {
    private final List<String> lines = new ArrayList<>();

    private CanonicalDump() {}

    /** File Meta Information and data set. */
    static List<String> of(DicomFile file) {
        CanonicalDump dump = new CanonicalDump();
        if (file.fileMetaInformation() != null) {
            dump.add(file.fileMetaInformation(), "");
        }
        dump.add(file.dataSet(), "");
        return dump.lines;
    }

    static List<String> of(DataSet dataSet) {
        CanonicalDump dump = new CanonicalDump();
        dump.add(dataSet, "");
        return dump.lines;
    }

    private void add(DataSet dataSet, String prefix) {
        for (Element element : dataSet) {
            String path = prefix + Tag.toHexString(element.tag());
            if (element instanceof Sequence sequence) {
                lines.add(path + " SQ " + sequence.items().size());
                int number = 0;
                for (DataSet item : sequence.items()) {
                    add(item, path + "/" + number++ + "/");
                }
            } else if (element instanceof Fragments fragments) {
                String digests = "";
                for (int i = 0; i < fragments.count(); i++) {
                    digests += " " + digest(fragments.bytes(i));
                }
                lines.add(path + " fragments" + digests);
            } else {
                lines.add((path + " " + element.vr() + " " + value(dataSet, (Element.Value) element)).stripTrailing());
            }
        }
    }

    private static String value(DataSet dataSet, Element.Value value) {
        return switch (value.vr()) {
            case OB, OD, OF, OL, OV, OW, UN -> digest(value.bytes());
            case FL, FD -> Arrays.stream(Numbers.toDoubles(value))
                    .mapToObj(CanonicalDump::number)
                    .collect(Collectors.joining(" "));
            case IS, DS -> decimals(dataSet.strings(value));
            case US, SS, UL, SL, UV, SV, AT -> String.join(" ", Numbers.toStrings(value));
            default -> {
                String[] texts = dataSet.strings(value);
                yield texts.length == 1 && texts[0].isEmpty()
                        ? ""
                        : Arrays.stream(texts)
                                // an empty group at the end of a name is none
                                .map(text -> value.vr() == VR.PN ? text.replaceFirst("=+$", "") : text)
                                .map(CanonicalDump::quoted)
                                .collect(Collectors.joining(" "));
            }
        };
    }

    private static String decimals(String[] texts) {
        if (texts.length == 1 && texts[0].isEmpty()) {
            return "";
        }
        try {
            return Arrays.stream(texts)
                    .map(text -> text.isEmpty() ? "\"\"" : number(Double.parseDouble(text)))
                    .collect(Collectors.joining(" "));
        } catch (NumberFormatException e) {
            return "invalid " + quoted(String.join("\\", texts));
        }
    }

    private static String number(double value) {
        return String.format("%016x", Double.doubleToLongBits(value));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return bytes.length + ":" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> quoted.append(c >= ' ' && c <= '~' ? String.valueOf(c) : String.format("\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }
}
