package org.imagingingestion.manifests;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each resource by itself: what its kind allows, and what is asked of all of its kind. */
class ManifestsTest {
    /** Of these Camel K says that they go away. */
    private static final Set<String> DEPRECATED = Set.of(
            "prometheus", "telemetry", "logging", "master", "knative", "pod", "openapi", "service-binding", "jolokia");

    private static final Set<String> ROLES = Set.of("event-processor", "stow", "wado", "dimse", "fhir");

    static List<Resource> resources() {
        return Resource.all();
    }

    static Stream<Resource> modelled() {
        return resources().stream()
                // KEDA has no model here
                .filter(resource -> !resource.is("ScaledObject"));
    }

    static Stream<Resource> integrations() {
        return resources().stream()
                .filter(resource -> resource.is("Integration"))
                .filter(resource -> resource.file().matches("operator-manifests/(base|bindings)/.*"));
    }

    static Stream<Resource> withTraits() {
        return resources().stream().filter(resource -> resource.is("Integration") || resource.is("Pipe"));
    }

    @ParameterizedTest
    @MethodSource("modelled")
    void isWhatTheModelOfItsKindAllows(Resource resource) {
        assertThatCode(() -> Model.read(resource.tree())).doesNotThrowAnyException();
        assertThat(resource.name()).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    }

    @ParameterizedTest
    @CsvSource({
        "camel.apache.org/v1, Integration, '{traits: {container: {imag: x}}}', imag",
        "camel.apache.org/v1, Integration, '{traits: {containers: {image: x}}}', containers",
        "camel.apache.org/v1, Integration, '{traits: {container: {port: http}}}', http",
        "camel.apache.org/v1, Pipe, '{source: {reff: {name: x}}}', reff",
        "camel.apache.org/v1, Kamelet, '{definition: {titel: x}}', titel",
        "eventing.knative.dev/v1, Trigger, '{delivery: {retries: 3}}', retries",
        "sources.knative.dev/v1, PingSource, '{cron: x}', cron",
        "apps/v1, Deployment, '{template: {spec: {containers: [{imag: x}]}}}', imag",
        "networking.k8s.io/v1, NetworkPolicy, '{ingress: [{form: []}]}', form",
        "policy/v1, PodDisruptionBudget, '{maxUnavailabel: 1}', maxUnavailabel"
    })
    void isRefusedWhereTheModelDoesNotKnowIt(String apiVersion, String kind, String spec, String what) {
        Resource resource = Resource.read(
                        "test", "{apiVersion: " + apiVersion + ", kind: " + kind + ", spec: " + spec + "}")
                .get(0);

        assertThatThrownBy(() -> Model.read(resource.tree()))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining(what);
    }

    @Test
    void haveAnIntegrationAndADeploymentOfEachRole() {
        for (String kind : List.of("Integration", "Deployment")) {
            assertThat(resources().stream()
                            .filter(resource -> resource.is(kind))
                            .map(Resource::name)
                            .filter(ROLES::contains))
                    .as(kind)
                    .containsExactlyInAnyOrderElementsOf(ROLES);
        }
    }

    @ParameterizedTest
    @MethodSource("withTraits")
    void usesNoTraitThatGoesAway(Resource resource) {
        resource.at("/spec/traits").fieldNames().forEachRemaining(trait -> assertThat(DEPRECATED)
                .doesNotContain(trait));
    }

    @ParameterizedTest
    @MethodSource("integrations")
    void runsThePrebuiltImageWithNoMoreRightsThanItNeeds(Resource integration) {
        JsonNode container = integration.trait("container");

        assertThat(container.path("image").asText()).isEqualTo("imaging-ingestion");
        assertThat(container.path("port").asInt()).isEqualTo(8080);
        for (String quantity : List.of("requestCPU", "limitCPU", "requestMemory", "limitMemory")) {
            assertThat(container.path(quantity).asText()).as(quantity).matches("\\d+(m|Mi|Gi)?");
        }
        assertThat(mebibytes(container.path("requestMemory").asText())).isGreaterThanOrEqualTo(512);
        assertThat(container.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(container.path("runAsUser").asLong()).isEqualTo(1001);
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(Resource.texts(container.path("capabilitiesDrop"))).containsExactly("ALL");
        assertThat(container.path("seccompProfileType").asText()).isEqualTo("RuntimeDefault");
        assertThat(integration.trait("jvm").path("enabled").asBoolean(true)).isFalse();
        assertThat(integration.at("/spec/serviceAccountName").asText()).isEqualTo("imaging-" + integration.name());
    }

    private static int mebibytes(String quantity) {
        return quantity.endsWith("Gi")
                ? 1024 * Integer.parseInt(quantity.replace("Gi", ""))
                : Integer.parseInt(quantity.replace("Mi", ""));
    }

    @ParameterizedTest
    @MethodSource("integrations")
    void isAskedForItsHealthWhereTheApplicationTellsIt(Resource integration) {
        JsonNode health = integration.trait("health");

        assertThat(health.path("livenessProbe").asText()).isEqualTo("/q/health/live");
        assertThat(health.path("readinessProbe").asText()).isEqualTo("/q/health/ready");
        for (String each : List.of("enabled", "livenessProbeEnabled", "readinessProbeEnabled")) {
            assertThat(health.path(each).asBoolean()).as(each).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("integrations")
    void isAServiceOfKnativeWhereItSpeaksHttp(Resource integration) {
        JsonNode service = integration.trait("knative-service");

        if (integration.name().equals("dimse")) {
            assertThat(service.path("enabled").asBoolean(true)).isFalse();
            assertThat(integration.at("/spec/replicas").asInt()).isGreaterThan(1);
        } else {
            assertThat(service.path("enabled").asBoolean()).isTrue();
            assertThat(service.path("autoscalingMetric").asText()).isEqualTo("concurrency");
            for (String each : List.of("minScale", "maxScale", "autoscalingTarget")) {
                assertThat(service.path(each).isInt()).as(each).isTrue();
            }
        }
    }

    /** What a Service is called becomes variables of pods, one of which the application might take for its own. */
    @Test
    void giveNoServiceANameThatBecomesASetting() {
        assertThat(resources().stream()
                        .filter(resource -> resource.is("Service"))
                        .map(service -> service.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT"))
                .isNotEmpty()
                .doesNotContain("HTTP_PORT", "DIMSE_PORT", "DB_PORT", "BUCKET_PORT")
                .noneMatch(variable -> variable.matches("(IMAGING|CAMEL|QUARKUS|OTEL)_.*"));
    }

    @Test
    void letNoSecretBeMadeButByTheAdministrator() {
        assertThat(resources().stream().filter(resource -> resource.is("Secret")))
                .isNotEmpty()
                .allMatch(secret -> secret.file().matches("operator-manifests/(examples|samples)/.*"));
    }
}
