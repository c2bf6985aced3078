package org.imagingingestion.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** A document of a YAML file of the project. */
record Resource(String file, JsonNode tree) {
    static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
    static final Path MANIFESTS = PROJECT.resolve("operator-manifests");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** The YAML files below a folder of the project, which may not be there. */
    static List<Path> files(Path folder) {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Resource> ofFile(Path file) {
        try {
            return read(PROJECT.relativize(file).toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Resource> read(String name, String yaml) {
        List<Resource> resources = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            while (documents.hasNext()) {
                JsonNode tree = documents.next();
                if (tree != null && !tree.isNull() && !tree.isMissingNode()) {
                    resources.add(new Resource(name, tree));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
        return resources;
    }

    /** All that is to be applied to a cluster or made of such: not what tells kustomize how. */
    static List<Resource> all() {
        return Stream.concat(files(MANIFESTS).stream(), files(PROJECT.resolve("kamelets")).stream())
                .filter(file -> !file.endsWith("kustomization.yaml"))
                .flatMap(file -> ofFile(file).stream())
                .filter(resource -> resource.tree().has("apiVersion"))
                .toList();
    }

    String apiVersion() {
        return tree.path("apiVersion").asText();
    }

    String kind() {
        return tree.path("kind").asText();
    }

    String name() {
        return tree.at("/metadata/name").asText();
    }

    boolean is(String kind) {
        return kind().equals(kind);
    }

    JsonNode at(String pointer) {
        return tree.at(pointer);
    }

    JsonNode trait(String name) {
        return tree.path("spec").path("traits").path(name);
    }

    /** The texts of a list. */
    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    @Override
    public String toString() {
        return kind() + " " + name() + " of " + file;
    }
}
