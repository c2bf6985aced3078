package org.imagingingestion.manifests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** What is applied together: all that is named is there, whether kubectl is here or not; where it is, what it makes of it. */
class KustomizationTest {
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final Pattern MOUNT = Pattern.compile("(configmap|secret):([^/@]+)(?:/([^@]+))?(?:@(.+))?");
    private static final Pattern VARIABLE = Pattern.compile("([A-Z_0-9]+)=(configmap|secret):([^/]+)/(.+)");

    static List<Path> folders() {
        return Kustomization.folders();
    }

    static List<Path> overlays() {
        return Kustomization.overlays();
    }

    /** What an overlay is to find in the cluster: what it has itself, and what the administrator makes after the examples. */
    private static List<Resource> known(Path overlay) {
        List<Resource> known = new ArrayList<>(Kustomization.of(overlay).resources());
        known.addAll(Kustomization.of(Resource.MANIFESTS.resolve("examples")).resources());
        return known;
    }

    private static Set<String> names(Collection<Resource> resources, String kind) {
        return resources.stream()
                .filter(resource -> resource.is(kind))
                .map(Resource::name)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("folders")
    void namesEachFileOfItsFolder(Path folder) throws IOException {
        Set<Path> named = Kustomization.of(folder).own();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".yaml"))
                            .filter(file -> !file.endsWith("kustomization.yaml")))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void hasEachResourceOnce(Path overlay) {
        List<String> names = Kustomization.of(overlay).resources().stream()
                .map(resource -> resource.apiVersion() + " " + resource.kind() + " " + resource.name())
                .toList();

        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void patchesWhatIsThere(Path folder) {
        Kustomization kustomization = Kustomization.of(folder);
        for (JsonNode patch : kustomization.tree().path("patches")) {
            JsonNode target = patch.path("target");
            assertThat(kustomization.resources())
                    .as(target.toString())
                    .anyMatch(resource -> resource.is(target.path("kind").asText())
                            && (!target.has("name")
                                    || resource.name()
                                            .matches(target.path("name").asText())));
            for (String name : target.path("name").asText("").split("\\|")) {
                if (!name.isEmpty()) {
                    assertThat(names(
                                    kustomization.resources(),
                                    target.path("kind").asText()))
                            .contains(name);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void findsAllThatItsIntegrationsName(Path overlay) {
        List<Resource> known = known(overlay);
        for (Resource integration : ofKind(known, "Integration")) {
            assertThat(names(known, "ServiceAccount"))
                    .contains(integration.at("/spec/serviceAccountName").asText());
            for (String mount : Resource.texts(integration.trait("mount").path("resources"))) {
                Matcher parts = MOUNT.matcher(mount);
                assertThat(parts.matches()).as(mount).isTrue();
                assertThat(names(known, kindOf(parts.group(1)))).contains(parts.group(2));
            }
            for (String variable :
                    Resource.texts(integration.trait("environment").path("vars"))) {
                Matcher parts = VARIABLE.matcher(variable);
                if (parts.matches()) {
                    assertThat(keys(known, kindOf(parts.group(2)), parts.group(3)))
                            .as(variable)
                            .contains(parts.group(4));
                } else {
                    assertThat(variable).matches("[A-Z_0-9]+=[^:]*(://.*)?");
                }
            }
        }
    }

    private static String kindOf(String scheme) {
        return scheme.equals("secret") ? "Secret" : "ConfigMap";
    }

    private static Set<String> keys(Collection<Resource> known, String kind, String name) {
        Set<String> keys = new HashSet<>();
        for (Resource resource : ofKind(known, kind)) {
            if (resource.name().equals(name)) {
                for (String field : List.of("data", "stringData")) {
                    resource.tree().path(field).fieldNames().forEachRemaining(keys::add);
                }
            }
        }
        return keys;
    }

    private static List<Resource> ofKind(Collection<Resource> resources, String kind) {
        return resources.stream().filter(resource -> resource.is(kind)).toList();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void findsAllThatItsPodsName(Path overlay) {
        List<Resource> known = known(overlay);
        List<Resource> pods = new ArrayList<>(Kustomization.of(overlay).patches());
        for (String kind : List.of("Deployment", "StatefulSet")) {
            pods.addAll(ofKind(known, kind));
        }
        for (Resource resource : pods) {
            JsonNode pod = resource.at("/spec/template/spec");
            if (pod.has("serviceAccountName")) {
                assertThat(names(known, "ServiceAccount"))
                        .contains(pod.path("serviceAccountName").asText());
            }
            for (JsonNode container : pod.path("containers")) {
                for (JsonNode from : container.path("envFrom")) {
                    assertNamed(known, from.at("/configMapRef/name"), "ConfigMap");
                    assertNamed(known, from.at("/secretRef/name"), "Secret");
                }
                for (JsonNode variable : container.path("env")) {
                    assertNamed(known, variable.at("/valueFrom/configMapKeyRef/name"), "ConfigMap");
                    assertNamed(known, variable.at("/valueFrom/secretKeyRef/name"), "Secret");
                }
            }
            for (JsonNode volume : pod.path("volumes")) {
                assertNamed(known, volume.at("/configMap/name"), "ConfigMap");
                assertNamed(known, volume.at("/secret/secretName"), "Secret");
            }
        }
    }

    private static void assertNamed(Collection<Resource> known, JsonNode name, String kind) {
        if (!name.isMissingNode()) {
            assertThat(names(known, kind)).contains(name.asText());
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void findsAllThatEventsGoBy(Path overlay) {
        List<Resource> known = known(overlay);
        for (Resource trigger : ofKind(known, "Trigger")) {
            assertThat(names(known, "Broker"))
                    .contains(trigger.at("/spec/broker").asText());
        }
        for (Resource binding : ofKind(known, "SinkBinding")) {
            JsonNode subject = binding.at("/spec/subject");
            Resource integration = ofKind(known, "Integration").stream()
                    .filter(each -> each.name().equals(subject.path("name").asText()))
                    .findFirst()
                    .orElseThrow();
            assertThat(subject.path("kind").asText())
                    .isEqualTo(isKnativeService(integration) ? "Service" : "Deployment");
        }
        for (Resource resource : known) {
            for (JsonNode reference : resource.tree().findValues("ref")) {
                String kind = reference.path("kind").asText();
                String name = reference.path("name").asText();
                if (kind.equals("Broker")) {
                    assertThat(names(known, "Broker")).contains(name);
                } else if (reference.path("apiVersion").asText().startsWith("serving.knative.dev/")) {
                    assertThat(ofKind(known, "Integration"))
                            .as(resource + " names " + name)
                            .anyMatch(each -> each.name().equals(name) && isKnativeService(each));
                }
            }
        }
    }

    private static boolean isKnativeService(Resource integration) {
        return integration.trait("knative-service").path("enabled").asBoolean();
    }

    /** The paths at which the event processor and the fhir role take what Knative brings. */
    @ParameterizedTest
    @MethodSource("overlays")
    void sendsEventsToWhereTheApplicationTakesThem(Path overlay) throws IOException {
        String properties = Files.readString(
                Resource.PROJECT.resolve("integrations/runtime/src/main/resources/application.properties"));
        String routes = Files.readString(Resource.PROJECT.resolve("integrations/event-driven-ingestion.yaml"));
        for (Resource trigger : ofKind(known(overlay), "Trigger")) {
            // the event processor takes them at the path, bindings at the name of their subscription below it
            String name = trigger.at("/spec/subscriber/ref/name").asText();
            String path = trigger.at("/spec/subscriber/uri").asText();
            assertThat(properties)
                    .contains("imaging.knative.path="
                            + (name.equals("event-processor") ? path : path.replace("/" + name, "")) + "\n");
            if (!name.equals("event-processor")) {
                assertThat(properties).contains("imaging." + name + ".subscription=" + name + "\n");
            }
            assertThat(properties)
                    .contains("imaging.knative.undelivered-path="
                            + trigger.at("/spec/delivery/deadLetterSink/uri").asText() + "\n");
            assertThat(trigger.at("/spec/delivery/backoffPolicy").asText()).isEqualTo("exponential");
            assertThat(trigger.at("/spec/delivery/retry").asInt()).isGreaterThan(3);
        }
        for (Resource source : ofKind(known(overlay), "PingSource")) {
            assertThat(routes)
                    .contains("platform-http:" + source.at("/spec/sink/uri").asText() + "\n");
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void selectsOnlyPodsThatThereAre(Path overlay) {
        List<Resource> known = known(overlay);
        Set<String> components = known.stream()
                .filter(resource ->
                        Set.of("Integration", "Deployment", "StatefulSet").contains(resource.kind()))
                .map(resource -> resource.is("Integration")
                        ? resource.tree()
                                .path("metadata")
                                .path("labels")
                                .path(COMPONENT)
                                .asText()
                        : resource.at("/spec/template/metadata/labels")
                                .path(COMPONENT)
                                .asText())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> selected = new TreeSet<>();
        for (Resource resource : known) {
            resource.tree().findValues("matchLabels").forEach(labels -> add(labels.path(COMPONENT), selected));
            resource.tree()
                    .findValues("matchExpressions")
                    .forEach(list -> list.forEach(expression -> {
                        if (expression.path("key").asText().equals(COMPONENT)) {
                            expression.path("values").forEach(value -> add(value, selected));
                        }
                    }));
            if (resource.is("Service")) {
                add(resource.at("/spec/selector").path(COMPONENT), selected);
            }
        }

        assertThat(components).containsAll(selected);
        if (!ofKind(known, "NetworkPolicy").isEmpty()) {
            assertThat(names(known, "PodDisruptionBudget")).containsExactlyInAnyOrderElementsOf(components);
        }
    }

    /** As an administrator's own kustomization has them. */
    @Test
    void addsComponentsToAnOverlay(@TempDir Path folder) throws Exception {
        String manifests =
                folder.toRealPath().relativize(Resource.MANIFESTS.toRealPath()).toString();
        Files.writeString(
                folder.resolve("kustomization.yaml"),
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [%1$s/overlays/s3]
                components: [%1$s/autoscaling, %1$s/bindings]
                """
                        .formatted(manifests));

        List<Resource> built = build(folder);

        assertThat(names(built, "ScaledObject")).containsExactly("dimse");
        assertThat(names(built, "Integration")).contains("binding", "stow");
        for (Resource trigger : ofKind(built, "Trigger")) {
            assertThat(names(built, "Broker"))
                    .contains(trigger.at("/spec/broker").asText());
            assertThat(names(built, "Integration"))
                    .contains(trigger.at("/spec/subscriber/ref/name").asText());
        }
        assertThat(names(built, "ServiceAccount"))
                .containsAll(ofKind(built, "Integration").stream()
                        .map(each -> each.at("/spec/serviceAccountName").asText())
                        .toList());
    }

    @Test
    void scalesWhatIsThere() {
        List<Resource> scaled =
                Kustomization.of(Resource.MANIFESTS.resolve("autoscaling")).resources();

        assertThat(scaled).isNotEmpty();
        for (Resource resource : scaled) {
            JsonNode target = resource.at("/spec/scaleTargetRef");
            assertThat(Kustomization.of(Resource.MANIFESTS.resolve("base")).resources())
                    .anyMatch(each ->
                            each.apiVersion().equals(target.path("apiVersion").asText())
                                    && each.is(target.path("kind").asText())
                                    && each.name().equals(target.path("name").asText()));
        }
    }

    @Test
    void configuresNatsAsNatsTakesIt(@TempDir Path folder) throws Exception {
        Path server = Path.of("/usr/sbin/nats-server");
        Assumptions.assumeTrue(Files.isExecutable(server), "there is no nats-server");
        String configuration = ofKind(known(Resource.MANIFESTS.resolve("overlays/nats")), "ConfigMap").stream()
                .filter(resource -> resource.name().equals("nats-config"))
                .map(resource -> resource.at("/data/nats.conf").asText())
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(folder.resolve("nats.conf"), configuration);

        output("env", "POD_NAME=nats-0", "NATS_AUTH_TOKEN=token", server.toString(), "-t", "-c", file.toString());
    }

    private static void add(JsonNode component, Set<String> to) {
        if (!component.isMissingNode()) {
            to.add(component.asText());
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void isBuiltByKubectlToWhatTheModelsAllow(Path overlay) throws Exception {
        List<Resource> built = build(overlay);

        assertThat(built).isNotEmpty();
        for (Resource resource : built) {
            assertThatCode(() -> Model.read(resource.tree()))
                    .as(resource.toString())
                    .doesNotThrowAnyException();
            if (!resource.is("Namespace")) {
                assertThat(resource.at("/metadata/namespace").asText()).isEqualTo("imaging-ingestion");
            }
        }
        assertThat(built.stream()
                        .filter(resource -> resource.is("Integration"))
                        .map(resource ->
                                resource.trait("container").path("image").asText()))
                .allMatch(image -> image.matches("imaging-ingestion:.+"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void givesPodsNoMoreRightsThanTheyNeed(Path overlay) throws Exception {
        Map<String, JsonNode> pods = new TreeMap<>();
        build(overlay).stream()
                .filter(resource -> Set.of("Deployment", "StatefulSet").contains(resource.kind()))
                .forEach(resource -> pods.put(resource.name(), resource.at("/spec/template/spec")));

        pods.forEach((name, pod) -> {
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                    .as(name)
                    .isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asLong()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            for (JsonNode container : pod.path("containers")) {
                JsonNode rights = container.path("securityContext");
                assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(Resource.texts(rights.at("/capabilities/drop"))).containsExactly("ALL");
                for (String each : List.of("requests", "limits")) {
                    assertThat(container.at("/resources/" + each).has("cpu")).isTrue();
                    assertThat(container.at("/resources/" + each).has("memory")).isTrue();
                }
                for (String each : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    assertThat(container.at("/" + each + "/httpGet/path").asText())
                            .as(each)
                            .matches("/q/health/(live|ready)|/healthz.*");
                }
            }
            if (!name.equals("nats")) {
                assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThanOrEqualTo(60);
                assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
            }
        });
    }

    private static List<Resource> build(Path folder) throws Exception {
        Assumptions.assumeTrue(hasKustomize(), "there is no kubectl that knows today's kustomize");
        return Resource.read(folder.toString(), output("kubectl", "kustomize", folder.toString()));
    }

    /** Since 1.22; the one of Debian 12 is too old. */
    private static boolean hasKustomize() throws Exception {
        if (Stream.of(System.getenv("PATH").split(":"))
                .noneMatch(path -> Files.isExecutable(Path.of(path, "kubectl")))) {
            return false;
        }
        Matcher version = Pattern.compile("v1\\.(\\d+)").matcher(output("kubectl", "version", "--client"));
        return version.find() && Integer.parseInt(version.group(1)) >= 22;
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return output;
    }
}
