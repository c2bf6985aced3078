package org.imagingingestion.camel.dimse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Keeps the tables of the conformance statement as the code has them; {@code -Dconformance.write=true} writes them. */
class ConformanceStatementTest {
    private static final Path STATEMENT = Path.of("../../docs/conformance-statement.md");

    @Test
    void saysWhatTheCodeDoes() throws Exception {
        String text = Files.readString(STATEMENT);
        String expected = text;
        for (Map.Entry<String, String> table : tables().entrySet()) {
            expected = replace(expected, table.getKey(), table.getValue());
        }
        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(STATEMENT, expected);
        }
        assertThat(text).isEqualTo(expected);
    }

    private static Map<String, String> tables() {
        return new TreeMap<>(Map.of(
                "services",
                services(),
                "storage",
                storage(),
                "transfer syntaxes",
                transferSyntaxes(),
                "statuses",
                statuses()));
    }

    private static String replace(String text, String name, String table) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        assertThat(from).as(begin).isGreaterThanOrEqualTo(begin.length());
        return text.substring(0, from) + table + text.substring(to);
    }

    private static String services() {
        return table(
                "SOP class | UID | SCU | SCP",
                Arrays.stream(DimseOperation.values()).flatMap(operation -> operation.sopClasses().stream()
                        .map(uid -> Dictionary.uidName(uid) + " | " + uid + " | yes | yes")));
    }

    private static String storage() {
        return table(
                "SOP class | UID",
                Dictionary.uids().stream()
                        .filter(entry -> entry.isStorage() || entry.isNonPatientStorage())
                        .map(entry -> entry.name() + " | " + entry.uid()));
    }

    private static String transferSyntaxes() {
        return table(
                "transfer syntax | UID",
                TransferSyntaxes.STORAGE.stream().map(uid -> Dictionary.uidName(uid) + " | " + uid));
    }

    private static String statuses() {
        return table(
                "status | meaning",
                Arrays.stream(DicomStatus.values())
                        .map(status -> String.format("%04XH | %s", status.code(), status.meaning())));
    }

    private static String table(String head, Stream<String> rows) {
        long columns = head.chars().filter(c -> c == '|').count() + 1;
        return "| " + head + " |\n" + "|---".repeat((int) columns) + "|\n"
                + rows.map(row -> "| " + row + " |\n").collect(Collectors.joining());
    }
}
