package org.imagingingestion.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** What `kamel run` reads at the head of each integration. */
class ModelineTest {
    /** Of the options of kamel run, those that are used here. */
    private static final Set<String> OPTIONS =
            Set.of("source", "dependency", "property", "build-property", "trait", "name");

    private static final Set<String> DEPRECATED = Set.of(
            "prometheus", "telemetry", "logging", "master", "knative", "pod", "openapi", "service-binding", "jolokia");

    /** Of traits these take several values. */
    private static final Set<String> LISTS = Set.of("mount.resources", "environment.vars");

    record Option(String name, String value) {}

    static List<Path> integrations() throws IOException {
        try (Stream<Path> files = Files.list(Resource.PROJECT.resolve("integrations"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Option> options(Path integration) {
        try {
            return Files.readAllLines(integration).stream()
                    .filter(line -> line.startsWith("# camel-k:"))
                    .flatMap(line -> Arrays.stream(
                            line.substring("# camel-k:".length()).strip().split("\\s+")))
                    .map(option -> new Option(option.split("=", 2)[0], option.split("=", 2)[1]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> values(Path integration, String name) {
        return options(integration).stream()
                .filter(option -> option.name().equals(name))
                .map(Option::value)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("integrations")
    void hasOptionsThatKamelRunKnows(Path integration) {
        assertThat(options(integration)).isNotEmpty().allMatch(option -> OPTIONS.contains(option.name()));
        for (String source : values(integration, "source")) {
            assertThat(integration.resolveSibling(source)).exists();
        }
    }

    /** What a route sends to by direct: is among the sources. */
    @ParameterizedTest
    @MethodSource("integrations")
    void namesTheSourcesThatItNeeds(Path integration) throws IOException {
        StringBuilder sources = new StringBuilder(Files.readString(integration));
        for (String source : values(integration, "source")) {
            sources.append(Files.readString(integration.resolveSibling(source)));
        }
        Set<String> received = matches(sources, "from:\\s+uri: direct:([a-z-]+)\\n");
        Set<String> sent = matches(new StringBuilder(Files.readString(integration)), "to:\\s+uri: direct:([a-z-]+)\\n");

        assertThat(received).containsAll(sent);
    }

    private static Set<String> matches(CharSequence text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("integrations")
    void dependsOnModulesOfTheProjectOrOnQuarkus(Path integration) throws IOException {
        String version = property("version");
        for (String dependency : values(integration, "dependency")) {
            String[] parts = dependency.split(":");
            switch (parts[0]) {
                case "camel" -> assertThat(dependency).matches("camel:[a-z-]+");
                case "mvn" -> {
                    if (parts[1].equals("io.quarkus")) {
                        // of the BOM
                        assertThat(parts).hasSize(3);
                    } else {
                        assertThat(parts[1]).isEqualTo("org.imagingingestion");
                        assertThat(Resource.PROJECT.resolve("dicom-components/" + parts[2] + "/pom.xml"))
                                .exists();
                        assertThat(parts[3]).isEqualTo(version);
                    }
                }
                default -> throw new AssertionError(dependency);
            }
        }
        assertThat(values(integration, "dependency"))
                .contains("mvn:org.imagingingestion:camel-imaging-kamelets:" + version);
    }

    private static String property(String name) throws IOException {
        return matches(
                        Files.readString(Resource.PROJECT.resolve("pom.xml")),
                        "<" + name + ">([^<]+)</" + name + ">\\s+<packaging>")
                .iterator()
                .next();
    }

    /** As traits of a resource, so that the model of Camel K says whether they are any. */
    @ParameterizedTest
    @MethodSource("integrations")
    void hasTraitsThatCamelKKnows(Path integration) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("apiVersion", "camel.apache.org/v1").put("kind", "Integration");
        ObjectNode traits = tree.putObject("spec").putObject("traits");
        for (String trait : values(integration, "trait")) {
            String[] parts = trait.split("=", 2);
            String id = parts[0].substring(0, parts[0].indexOf('.'));
            String property = camelCase(parts[0].substring(id.length() + 1));
            assertThat(DEPRECATED).doesNotContain(id);
            ObjectNode node = traits.withObject("/" + id);
            if (LISTS.contains(parts[0])) {
                node.withArray("/" + property).add(parts[1]);
            } else if (parts[1].matches("true|false")) {
                node.put(property, Boolean.parseBoolean(parts[1]));
            } else if (parts[1].matches("\\d+") && !property.endsWith("CPU")) {
                node.put(property, Integer.parseInt(parts[1]));
            } else {
                node.put(property, parts[1]);
            }
        }

        assertThatCode(() -> Model.read(tree)).doesNotThrowAnyException();
        assertThat(traits.at("/container/limitMemory").asText()).matches("\\d+(Mi|Gi)");
        assertThat(traits.at("/container/limitCPU").asText()).isNotEmpty();
        assertThat(traits.at("/health/readinessProbeEnabled").asBoolean()).isTrue();
        assertThat(traits.at("/kamelets/enabled").asBoolean(true)).isFalse();
        assertThat(traits.at("/knative-service").has("enabled")).isTrue();
    }

    private static String camelCase(String kebab) {
        String camel = Pattern.compile("-([a-z])").matcher(kebab).replaceAll(match -> match.group(1)
                .toUpperCase());
        return camel.replace("Cpu", "CPU");
    }

    /** What is mounted has keys that the settings refer to. */
    @ParameterizedTest
    @MethodSource("integrations")
    void mountsWhatTheAdministratorMakes(Path integration) {
        Map<String, Set<String>> keys = Resource.all().stream()
                .filter(resource -> Set.of("ConfigMap", "Secret").contains(resource.kind()))
                .collect(Collectors.toMap(
                        resource -> resource.kind().toLowerCase() + ":" + resource.name(),
                        ModelineTest::keys,
                        (a, b) -> {
                            Set<String> both = new TreeSet<>(a);
                            both.addAll(b);
                            return both;
                        }));
        for (String trait : values(integration, "trait")) {
            if (trait.startsWith("environment.vars=")) {
                String[] parts = trait.split("[=/]");
                assertThat(keys).containsKey(parts[2]);
                assertThat(keys.get(parts[2])).contains(parts[3]);
            } else if (trait.startsWith("mount.resources=")) {
                assertThat(keys).containsKey(trait.split("[=@]")[1]);
            }
        }
    }

    private static Set<String> keys(Resource resource) {
        Set<String> keys = new TreeSet<>();
        for (String field : List.of("data", "stringData")) {
            resource.tree().path(field).fieldNames().forEachRemaining(keys::add);
        }
        return keys;
    }

    /** The application that is built for CamelKBuildIT is made of what the modelines name, and of what Camel K adds. */
    @Test
    void isWhatTheTestOfTheBuildIsMadeOf() throws IOException {
        String pom = Files.readString(Resource.PROJECT.resolve("tests/camel-k/pom.xml"));
        String properties =
                Files.readString(Resource.PROJECT.resolve("tests/camel-k/src/main/resources/application.properties"));
        Set<String> expected = new TreeSet<>(
                Set.of("camel-quarkus-core", "camel-quarkus-yaml-dsl", "camel-quarkus-microprofile-health"));
        for (Path integration : integrations()) {
            for (String dependency : values(integration, "dependency")) {
                String[] parts = dependency.split(":");
                expected.add(parts[0].equals("camel") ? "camel-quarkus-" + parts[1] : parts[2]);
            }
            for (String property : values(integration, "build-property")) {
                assertThat(properties).contains("\n" + property + "\n");
            }
        }

        String dependencies = pom.substring(pom.indexOf("<dependencies>"), pom.indexOf("</dependencies>"));
        assertThat(matches(dependencies, "<artifactId>([^<]+)<")).isEqualTo(expected);
    }
}
