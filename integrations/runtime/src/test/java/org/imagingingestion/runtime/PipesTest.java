package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PipesTest {
    private static final Path SAMPLES = Path.of("../../operator-manifests/samples");
    private static final Kamelets KAMELETS = new Kamelets(Path.of("../../kamelets"));

    private static final Pattern ROUTE_ID = Pattern.compile("(?m)^- route:\\R    id: (\\S+)$");

    @TempDir
    Path folder;

    private Path pipe(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String minimal(String name, String more) {
        return """
                apiVersion: camel.apache.org/v1
                kind: Pipe
                metadata: {name: %s}
                spec:
                  source: {uri: "stow:/inbox"}
                  sink: {uri: "stow:https://archive.example.org/dicom-web"}
                %s
                """
                .formatted(name, more);
    }

    @Test
    void takesAllSamples() throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.list(SAMPLES)) {
            files = all.filter(file -> Files.isRegularFile(file) && read(file).contains("kind: Pipe"))
                    .toList();
        }

        assertThat(files).hasSizeGreaterThan(5);
        Pipes pipes = Pipes.of(files, KAMELETS);
        for (Path file : files) {
            assertThat(pipes.routes()).contains(",file:" + file);
        }
        // they say what they want, for a cluster would do something else
        assertThat(pipes.withoutErrorHandler()).isEmpty();
    }

    @Test
    void hasNoSampleOfTheNameOfARoute() throws Exception {
        List<String> routes = new ArrayList<>();
        try (Stream<Path> integrations = Files.list(Path.of(".."))) {
            integrations
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .forEach(file -> ROUTE_ID.matcher(read(file)).results().forEach(id -> routes.add(id.group(1))));
        }

        assertThat(routes).contains("study-to-fhir").hasSizeGreaterThan(30);
        try (Stream<Path> all = Files.list(SAMPLES)) {
            assertThat(all.filter(Files::isRegularFile).map(PipesTest::read))
                    .noneMatch(sample -> routes.stream().anyMatch(id -> sample.contains("\n  name: " + id + "\n")));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void hasTheSourceHearOfFailuresUnlessThePipeSaysOtherwise() throws Exception {
        Path silent = pipe("a.yaml", minimal("a", ""));
        Path logs = pipe("b.yaml", minimal("b", "  errorHandler: {log: {parameters: {maximumRedeliveries: 3}}}"));

        assertThat(Pipes.of(List.of(silent, logs), KAMELETS).withoutErrorHandler())
                .containsExactly("a");
    }

    @Test
    void refusesTwoOfOneName() throws Exception {
        pipe("a.yaml", minimal("same", ""));
        pipe("b.yaml", minimal("same", ""));

        assertThatThrownBy(() -> Pipes.of(List.of(folder), KAMELETS))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("b.yaml has the name same");
    }

    @Test
    void refusesEndsThatAreNone() throws Exception {
        String pipe = minimal("a", "");
        for (String[] each : new String[][] {
            {"{uri: \"stow:/inbox\"}", "{}", "either ref or uri in spec.source"},
            {"{uri: \"stow:/inbox\"}", "[]", "no object as spec.source"},
            {"  sink: ", "  dependencies: ", "has no spec.sink"},
            {
                "{uri: \"stow:/inbox\"}",
                "{ref: {kind: Broker, apiVersion: eventing.knative.dev/v1, name: default}}",
                "eventing.knative.dev/v1 Broker is in a cluster only"
            },
            {
                "{uri: \"stow:/inbox\"}",
                "{ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: ../../x}}",
                "there is no Kamelet ../../x"
            },
            {
                "{uri: \"stow:/inbox\"}",
                "{ref: {kind: Kamelet, apiVersion: camel.apache.org/v1, name: stow-source}, properties: {path: {a: b}}}",
                "has as path what is not of type string"
            }
        }) {
            Path file = pipe("a.yaml", pipe.replace(each[0], each[1]));

            assertThatThrownBy(() -> Pipes.of(List.of(file), KAMELETS))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(each[2]);
        }
    }
}
