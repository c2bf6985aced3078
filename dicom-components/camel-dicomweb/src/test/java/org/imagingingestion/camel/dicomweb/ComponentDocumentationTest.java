package org.imagingingestion.camel.dicomweb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ComponentDocumentationTest {
    private static final Pattern OPTION =
            Pattern.compile("\"(\\w+)\": \\{ \"index\": \\d+, \"kind\": \"(path|parameter)\"");
    private static final List<String> OF_EVERY_COMPONENT =
            List.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer");

    @ParameterizedTest
    @ValueSource(strings = {"stow", "qido", "wado"})
    void tellsOfEachOption(String scheme) throws Exception {
        String page = Files.readString(Path.of("src/main/docs/" + scheme + "-component.adoc"));
        String resource = "/META-INF/org/imagingingestion/camel/dicomweb/" + scheme + ".json";
        try (var catalog = getClass().getResourceAsStream(resource)) {
            String json = new String(catalog.readAllBytes(), StandardCharsets.UTF_8);
            List<String> options = OPTION.matcher(json)
                    .results()
                    .map(option -> option.group(1))
                    .toList();

            assertThat(options)
                    .contains("address", "provider")
                    .filteredOn(option -> !OF_EVERY_COMPONENT.contains(option))
                    .allSatisfy(option -> assertThat(page).contains("`" + option + "`"));
        }
    }
}
