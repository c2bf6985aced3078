package org.imagingingestion.camel.dimse;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComponentDocumentationTest {
    private static final Pattern OPTION = Pattern.compile("\"(\\w+)\": \\{ \"index\": \\d+, \"kind\": \"parameter\"");
    private static final List<String> OF_EVERY_COMPONENT =
            List.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer");

    @Test
    void tellsOfEachOption() throws Exception {
        String page = Files.readString(Path.of("src/main/docs/dimse-component.adoc"));
        try (InputStream catalog =
                getClass().getResourceAsStream("/META-INF/org/imagingingestion/camel/dimse/dimse.json")) {
            String json = new String(catalog.readAllBytes(), StandardCharsets.UTF_8);
            List<String> options = OPTION.matcher(json)
                    .results()
                    .map(option -> option.group(1))
                    .toList();

            assertThat(options)
                    .contains("operations", "maximumRetries")
                    .filteredOn(option -> !OF_EVERY_COMPONENT.contains(option))
                    .allSatisfy(option -> assertThat(page).contains("`" + option + "`"));
        }
    }
}
