package org.imagingingestion.manifests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A folder of kustomize, with all that it is made of. */
record Kustomization(Path folder, JsonNode tree) {
    private static final Set<String> KNOWN = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "labels",
            "resources",
            "components",
            "patches",
            "images",
            "configurations");

    static Kustomization of(Path folder) {
        Path file = folder.resolve("kustomization.yaml");
        assertThat(file).exists();
        Kustomization kustomization =
                new Kustomization(folder, Resource.ofFile(file).get(0).tree());
        kustomization.tree.fieldNames().forEachRemaining(field -> assertThat(KNOWN)
                .as(file.toString())
                .contains(field));
        return kustomization;
    }

    static List<Path> folders() {
        return Resource.files(Resource.MANIFESTS).stream()
                .filter(file -> file.endsWith("kustomization.yaml"))
                .map(Path::getParent)
                .toList();
    }

    static List<Path> overlays() {
        return folders().stream()
                .filter(folder -> folder.getParent().endsWith("overlays"))
                .toList();
    }

    /** The files that it names, its own and those of folders that it names. */
    Set<Path> files() {
        Set<Path> files = new TreeSet<>(own());
        for (String field : List.of("resources", "components")) {
            for (String name : Resource.texts(tree.path(field))) {
                Path path = folder.resolve(name).normalize();
                assertThat(path).exists();
                if (Files.isDirectory(path)) {
                    files.addAll(of(path).files());
                }
            }
        }
        return files;
    }

    /** The files of its folder that it names. */
    Set<Path> own() {
        List<String> names = new ArrayList<>(Resource.texts(tree.path("resources")));
        names.addAll(Resource.texts(tree.path("configurations")));
        tree.path("patches").forEach(patch -> names.add(patch.path("path").asText()));
        Set<Path> files = new TreeSet<>();
        for (String name : names) {
            Path path = folder.resolve(name).normalize();
            assertThat(path).exists();
            if (Files.isRegularFile(path)) {
                files.add(path);
            }
        }
        return files;
    }

    private Set<Path> patchFiles() {
        Set<Path> files = new TreeSet<>();
        tree.path("patches")
                .forEach(patch -> files.add(folder.resolve(patch.path("path").asText())));
        for (String name : Resource.texts(tree.path("resources"))) {
            if (Files.isDirectory(folder.resolve(name))) {
                files.addAll(of(folder.resolve(name).normalize()).patchFiles());
            }
        }
        return files;
    }

    /** What it makes, before it is patched. */
    List<Resource> resources() {
        Set<Path> patches = patchFiles();
        return files().stream()
                .filter(file -> !patches.contains(file))
                .flatMap(file -> Resource.ofFile(file).stream())
                .filter(resource -> resource.tree().has("apiVersion"))
                .toList();
    }

    /** The patches, those of folders that it names too. */
    List<Resource> patches() {
        return patchFiles().stream()
                .flatMap(file -> Resource.ofFile(file).stream())
                .toList();
    }
}
