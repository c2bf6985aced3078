package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What every route and Kamelet of the project has to be like. */
class RoutesTest {
    private static final Path PROJECT = Path.of("../..");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema LANGUAGE = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(RoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));
    /** Where the components are. */
    private static final Map<String, String> MODULES = Map.of(
            "dicom-event", "camel-imaging-events",
            "jetstream", "camel-imaging-events",
            "cloudevents", "camel-imaging-events",
            "dicom-instance", "camel-dicom-instance",
            "dicom-manifest", "camel-dicom-manifest",
            "dicom-storage", "camel-dicom-storage",
            "stow", "camel-dicomweb",
            "wado", "camel-dicomweb",
            "dimse", "camel-dimse",
            "fhir-imaging-study", "camel-fhir-imaging-study");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^}:]+)");

    static Stream<Path> routeFiles() throws IOException {
        return Stream.concat(yamlFiles("routes"), yamlFiles("integrations"));
    }

    static Stream<Path> kamelets() throws IOException {
        return yamlFiles("kamelets");
    }

    private static Stream<Path> yamlFiles(String folder) throws IOException {
        try (Stream<Path> files = Files.list(PROJECT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void isWhatTheLanguageAllows(Path file) throws IOException {
        assertThat(LANGUAGE.validate(YAML.readTree(file.toFile()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void hasAnIdAndADescriptionForEachRoute(Path file) throws IOException {
        for (JsonNode each : YAML.readTree(file.toFile())) {
            assertThat(each.at("/route/id").asText()).isNotEmpty();
            assertThat(each.at("/route/description").asText()).endsWith(".").doesNotContain("\n");
        }
    }

    @Test
    void givesEachRouteAnIdOfItsOwn() throws IOException {
        Set<String> ids = new HashSet<>();
        for (Path file : routeFiles().toList()) {
            for (JsonNode each : YAML.readTree(file.toFile())) {
                assertThat(ids.add(each.at("/route/id").asText()))
                        .as("%s in %s", each, file)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void keepsStreamsOutOfMemory(Path file) throws IOException {
        for (JsonNode each : YAML.readTree(file.toFile())) {
            assertThat(each.at("/route/streamCache").asText()).isEqualTo("false");
        }
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void usesOnlyPropertiesThatAreDocumented(Path file) throws IOException {
        String documented = Files.readString(Path.of("src/main/resources/application.properties"));

        for (String property : placeholders(Files.readString(file))) {
            assertThat(documented).containsPattern("(?m)^#?" + Pattern.quote(property) + "=");
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void isAKameletAsTheCatalogueWantsIt(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        String name = kamelet.at("/metadata/name").asText();
        String kind =
                kamelet.at("/metadata/labels/camel.apache.org~1kamelet.type").asText();

        assertThat(file.getFileName()).hasToString(name + ".kamelet.yaml");
        assertThat(kind).isIn("source", "sink", "action");
        assertThat(name).endsWith("-" + kind);
        assertThat(kamelet.at("/apiVersion").asText()).isEqualTo("camel.apache.org/v1");
        assertThat(kamelet.at("/spec/definition/title").asText()).endsWithIgnoringCase(" " + kind);
        assertThat(kamelet.at("/spec/definition/description").asText()).endsWith(".");
        for (String annotation :
                List.of("kamelet.support.level", "catalog.version", "kamelet.icon", "provider", "kamelet.group")) {
            assertThat(kamelet.at("/metadata/annotations/camel.apache.org~1" + annotation)
                            .asText())
                    .as(annotation)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void declaresThePropertiesThatTheKameletUses(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        JsonNode properties = kamelet.at("/spec/definition/properties");
        Set<String> declared = new TreeSet<>();
        properties.fieldNames().forEachRemaining(declared::add);

        assertThat(placeholders(kamelet.at("/spec/template").toString())).isEqualTo(declared);
        for (JsonNode property : properties) {
            assertThat(property.at("/title").asText()).matches("[A-Z].*");
            assertThat(property.at("/description").asText()).endsWith(".");
            assertThat(property.at("/type").asText()).isIn("string", "integer", "boolean");
        }
        for (JsonNode required : kamelet.at("/spec/definition/required")) {
            assertThat(declared).contains(required.asText());
        }
    }

    @Test
    void givesEachKameletATitleAndADescriptionOfItsOwn() throws IOException {
        Set<String> texts = new HashSet<>();
        Set<String> versions = new HashSet<>();
        for (Path file : kamelets().toList()) {
            JsonNode kamelet = YAML.readTree(file.toFile());
            for (String text : List.of("title", "description")) {
                assertThat(texts.add(kamelet.at("/spec/definition/" + text).asText()))
                        .as("%s of %s", text, file)
                        .isTrue();
            }
            versions.add(annotation(kamelet, "catalog.version"));
        }
        assertThat(versions).hasSize(1);
    }

    private static String annotation(JsonNode kamelet, String name) {
        return kamelet.at("/metadata/annotations/camel.apache.org~1" + name).asText();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void saysWhatTheKameletIsForAndWhatItNeeds(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        JsonNode definition = kamelet.at("/spec/definition");
        String icon = annotation(kamelet, "kamelet.icon");

        assertThat(icon).startsWith("data:image/svg+xml;base64,");
        assertThat(new String(Base64.getDecoder().decode(icon.substring(icon.indexOf(',') + 1)), UTF_8))
                .startsWith("<svg ")
                .endsWith("</svg>");
        assertThat(annotation(kamelet, "kamelet.support.level")).isIn("Preview", "Stable");
        assertThat(annotation(kamelet, "kamelet.group")).isEqualTo("DICOM");
        assertThat(annotation(kamelet, "kamelet.namespace")).isEqualTo("Healthcare");
        assertThat(definition.at("/type").asText()).isEqualTo("object");
        assertThat(definition.at("/title").asText()).matches("[A-Z].*").doesNotMatch("(The|A|An) .*");
        List<String> dependencies = new ArrayList<>();
        kamelet.at("/spec/dependencies").forEach(each -> dependencies.add(each.asText()));
        assertThat(dependencies)
                .contains("camel:core", "camel:kamelet")
                .allMatch(each -> each.matches("camel:[a-z-]+|mvn:[^:]+:[^:]+:[^:]+|github:apache/.+"));
        for (String scheme : schemes(kamelet)) {
            if (MODULES.containsKey(scheme)) {
                assertThat(dependencies).anyMatch(each -> each.contains(":" + MODULES.get(scheme) + ":"));
            }
        }
    }

    /** Of the endpoints that a template has. */
    private static Set<String> schemes(JsonNode kamelet) {
        return kamelet.at("/spec/template").findValuesAsText("uri").stream()
                .map(uri -> uri.replaceFirst(":.*", ""))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void keepsThePropertiesOfTheKameletFlatAndItsSecretsSecret(Path file) throws IOException {
        JsonNode properties = YAML.readTree(file.toFile()).at("/spec/definition/properties");

        for (Map.Entry<String, JsonNode> each : properties.properties()) {
            JsonNode property = each.getValue();
            assertThat(property.at("/title").asText()).as(each.getKey()).doesNotMatch("(The|A|An) .*");
            boolean isSecret = each.getKey()
                    .matches(
                            "(?i)key|.*(password|secret|secretKey|accessKey|sessionToken|connectionString|bearerToken|username)");
            assertThat(property.at("/format").asText()).as(each.getKey()).isEqualTo(isSecret ? "password" : "");
            assertThat(property.at("/x-descriptors/0").asText())
                    .as(each.getKey())
                    .isEqualTo(isSecret ? "urn:camel:group:credentials" : "");
            JsonNode preset = property.at("/default");
            if (!preset.isMissingNode()) {
                assertThat(preset.isInt() || preset.isLong())
                        .isEqualTo(property.at("/type").asText().equals("integer"));
                assertThat(preset.isBoolean())
                        .isEqualTo(property.at("/type").asText().equals("boolean"));
            }
            if (property.has("enum") && !preset.isMissingNode()) {
                assertThat(property.get("enum")).contains(preset);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void beginsAndEndsWhereAKameletOfItsKindDoes(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        JsonNode from = kamelet.at("/spec/template/route/from");
        JsonNode steps = from.at("/steps");
        String last = steps.get(steps.size() - 1).at("/to/uri").asText();

        if (file.toString().endsWith("-source.kamelet.yaml")) {
            assertThat(last).isEqualTo("kamelet:sink");
            // Camel drops without a word what a source hands on that is told by another Kamelet
            assertThat(from.at("/uri").asText()).doesNotStartWith("kamelet:");
        } else {
            assertThat(from.at("/uri").asText()).isEqualTo("kamelet:source");
            assertThat(last).isNotEqualTo("kamelet:sink");
        }
        // whoever calls is to hear of failures, and bodies are streams
        assertThat(kamelet.at("/spec/template/route/streamCache").asText()).isEqualTo("false");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void hasATemplateThatTheLanguageAllows(Path file) throws IOException {
        JsonNode template = YAML.readTree(file.toFile()).at("/spec/template");

        assertThat(LANGUAGE.validate(JsonNodeFactory.instance.arrayNode().add(template)))
                .isEmpty();
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
