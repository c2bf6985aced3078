package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * What a container of a role hears from its manifest, with the ConfigMaps and Secrets that it names, those of the administrator as the
 * examples have them.
 *
 * @param environment its variables
 * @param config the files of the ConfigMap of the bucket, where that is mounted
 * @param secret those of its Secret
 */
record DeployedRole(
        String name, Map<String, String> environment, Map<String, String> config, Map<String, String> secret) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path MANIFESTS = ImagingIngestion.project().resolve("operator-manifests");

    /** Of an Integration of Camel K. */
    static DeployedRole integration(String name) throws IOException {
        String folder = name.equals("binding") ? "bindings/" : "base/";
        JsonNode traits = named(MANIFESTS.resolve(folder + name + ".yaml"), "Integration", name)
                .at("/spec/traits");
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode variable : traits.at("/environment/vars")) {
            String[] parts = variable.asText().split("=", 2);
            environment.put(parts[0], value(parts[1]));
        }
        return new DeployedRole(
                name,
                environment,
                mounted(traits, "configmap", "/etc/bucket/config"),
                mounted(traits, "secret", "/etc/bucket/secret"));
    }

    private static String value(String text) throws IOException {
        String[] parts = text.split("[:/]", 3);
        return switch (parts[0]) {
            case "configmap" -> data("ConfigMap", parts[1]).get(parts[2]);
            case "secret" -> data("Secret", parts[1]).get(parts[2]);
            default -> text;
        };
    }

    private static Map<String, String> mounted(JsonNode traits, String kind, String path) throws IOException {
        for (JsonNode mount : traits.at("/mount/resources")) {
            String[] parts = mount.asText().split("[:@]");
            if (parts[0].equals(kind) && parts[2].equals(path)) {
                return data(kind.equals("secret") ? "Secret" : "ConfigMap", parts[1]);
            }
        }
        return Map.of();
    }

    /** Of a Deployment of the overlay for NATS. */
    static DeployedRole deployment(String name) throws IOException {
        Path overlay = MANIFESTS.resolve("overlays/nats");
        JsonNode container =
                named(overlay.resolve(name + ".yaml"), "Deployment", name).at("/spec/template/spec/containers/0");
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode from : container.path("envFrom")) {
            environment.putAll(
                    from.has("secretRef")
                            ? data("Secret", from.at("/secretRef/name").asText())
                            : data("ConfigMap", from.at("/configMapRef/name").asText()));
        }
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        String patched = named(overlay.resolve("kustomization.yaml"), "Kustomization", "")
                .at("/patches/1/target/name")
                .asText();
        boolean hasBucket = name.matches(patched);
        return new DeployedRole(
                name,
                environment,
                hasBucket ? data("ConfigMap", "imaging-bucket-config") : Map.of(),
                hasBucket ? data("Secret", "imaging-bucket-secret") : Map.of());
    }

    private static Map<String, String> data(String kind, String name) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("examples", "storage/s3", "overlays/nats")) {
            try (Stream<Path> all = Files.list(MANIFESTS.resolve(folder))) {
                all.filter(file -> file.toString().endsWith(".yaml")).forEach(files::add);
            }
        }
        for (Path file : files) {
            JsonNode resource = named(file, kind, name);
            if (resource != null) {
                Map<String, String> data = new TreeMap<>();
                for (String field : List.of("data", "stringData")) {
                    resource.path(field)
                            .fields()
                            .forEachRemaining(entry ->
                                    data.put(entry.getKey(), entry.getValue().asText()));
                }
                return data;
            }
        }
        throw new IllegalArgumentException("There is no " + kind + " " + name);
    }

    private static JsonNode named(Path file, String kind, String name) throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (document.path("kind").asText().equals(kind)
                        && document.at("/metadata/name").asText().equals(name)) {
                    return document;
                }
            }
        }
        return null;
    }

    /** Puts other values in the place of those that it has; the names are to be its own. */
    void set(Map<String, String> values) {
        values.forEach((name, value) -> {
            if (environment.replace(name, value) == null) {
                throw new IllegalArgumentException("The manifest of " + this.name + " has no " + name);
            }
        });
    }
}
