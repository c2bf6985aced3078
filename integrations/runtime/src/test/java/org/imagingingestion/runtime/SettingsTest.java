package org.imagingingestion.runtime;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingsTest {
    @Test
    void needsNoVariable() throws Exception {
        Settings settings = Settings.of(Map.of());

        assertThat(settings.httpHost()).isEqualTo("0.0.0.0");
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.dimsePort()).isEqualTo(11112);
        assertThat(settings.data()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(settings.home()).isEqualTo(Path.of("").toAbsolutePath());
        assertThat(settings.database()).isNull();
    }

    @Test
    void takesAnEmptyVariableForNone() throws Exception {
        Settings settings = Settings.of(Map.of("HTTP_PORT", "", "DB_HOST", " ", "IMAGING_DATA", ""));

        assertThat(settings).isEqualTo(Settings.of(Map.of()));
    }

    @Test
    void namesADatabaseServer() throws Exception {
        Settings settings = Settings.of(
                Map.of("DB_HOST", "db.example.org", "DB_PORT", "6432", "DB_NAME", "n", "DB_USER", "u", "DB_PASS", "p"));

        assertThat(settings.database()).isEqualTo(new Settings.Database("db.example.org", 6432, "n", "u", "p"));
        assertThat(settings.database().jdbcUrl()).isEqualTo("jdbc:postgresql://db.example.org:6432/n");
    }

    @Test
    void hasBindingsToldByTheDatabaseWhereThatIsInReach() throws Exception {
        Map<String, String> alone = Map.of("ROLE", "binding", "NATS_URL", "nats://n");

        assertThat(Settings.of(alone).eventsFrom()).isEqualTo(Settings.Transport.NATS);
        assertThat(Settings.of(Map.of("NATS_URL", "nats://n")).eventsFrom()).isEqualTo(Settings.Transport.LOCAL);
        assertThat(Settings.of(Map.of("ROLE", "binding", "DB_HOST", "db")).eventsFrom())
                .isEqualTo(Settings.Transport.LOCAL);
        assertThatThrownBy(() -> Settings.of(Map.of("ROLE", "binding")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("ROLE=binding needs a broker");
    }

    @Test
    void namesPipes() throws Exception {
        // of which some have nothing to do with events
        Settings settings = Settings.of(Map.of("ROLE", "binding", "PIPE", "a.yaml, pipes/,"));

        assertThat(settings.pipes())
                .containsExactly(
                        Path.of("a.yaml").toAbsolutePath(), Path.of("pipes").toAbsolutePath());
        assertThat(Settings.of(Map.of()).pipes()).isEmpty();
    }

    @Test
    void putsAnAddressOfVersion6InBrackets() throws Exception {
        assertThat(Settings.of(Map.of("DB_HOST", "::1")).database().jdbcUrl())
                .isEqualTo("jdbc:postgresql://[::1]:5432/imaging");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "65536", "99999999999", "80a", "8 0", "0x50"})
    void refusesWhatIsNoPort(String value) {
        for (Map<String, String> environment : new Map[] {
            Map.of("HTTP_PORT", value), Map.of("DIMSE_PORT", value), Map.of("DB_HOST", "h", "DB_PORT", value)
        }) {
            assertThatThrownBy(() -> Settings.of(environment))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("_PORT=" + value + " is not a port");
        }
    }

    @Test
    void refusesWhatIsNoFolder() {
        assertThatThrownBy(() -> Settings.of(Map.of("IMAGING_DATA", "a\0b")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("IMAGING_DATA");
    }

    @Test
    void runsEverythingOnItsOwnWhereItIsNotToldOtherwise() throws Exception {
        Settings settings = Settings.of(Map.of("ROLE", ""));

        assertThat(settings.role()).isEqualTo(Role.ALL_IN_ONE);
        assertThat(settings.transport()).isEqualTo(Settings.Transport.LOCAL);
        assertThat(settings.hasManifest()).isTrue();
        assertThat(settings.role().routes("classpath:"))
                .isEqualTo("classpath:routes/*.yaml,classpath:integrations/*.yaml");
    }

    @ParameterizedTest
    @CsvSource({
        "stow, NATS_URL, , false",
        "stow, NATS_URL, db, false",
        "stow, , db, true",
        "dimse, K_SINK, , false",
        "dimse, K_SINK, db, true",
        "wado, , db, true",
        "event-processor, NATS_URL, db, true",
        "fhir, NATS_URL, , false",
        "fhir, , db, true",
        "all-in-one, NATS_URL, , true"
    })
    void usesTheManifestWhereTheRoleNeedsIt(String role, String broker, String database, boolean manifest)
            throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("ROLE", role));
        if (broker != null) {
            environment.put(broker, "somewhere");
        }
        if (database != null) {
            environment.put("DB_HOST", database);
        }

        assertThat(Settings.of(environment).hasManifest()).isEqualTo(manifest);
    }

    @ParameterizedTest
    @CsvSource({"stow", "dimse", "wado", "event-processor", "fhir", "STOW", "nonsense"})
    void refusesARoleThatMissesWhatItNeeds(String role) {
        assertThatThrownBy(() -> Settings.of(Map.of("ROLE", role)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("ROLE=" + role);
    }

    @Test
    void asksAQueryServiceWhereTheRoleHasNoDatabase() throws Exception {
        String endpoint = "http://processor:8080/query";

        assertThat(Settings.of(Map.of("ROLE", "wado", "QUERY_ENDPOINT", endpoint))
                        .asksQueryService())
                .isTrue();
        assertThat(Settings.of(Map.of("ROLE", "wado", "QUERY_ENDPOINT", endpoint, "DB_HOST", "db"))
                        .asksQueryService())
                .isFalse();
        assertThat(Settings.of(Map.of("QUERY_ENDPOINT", endpoint)).asksQueryService())
                .isFalse();
        assertThatThrownBy(() -> Settings.of(Map.of("ROLE", "event-processor", "QUERY_ENDPOINT", endpoint)))
                .hasMessage("ROLE=event-processor needs a database, see DB_HOST");
        assertThatThrownBy(() -> Settings.of(Map.of("ROLE", "wado", "QUERY_ENDPOINT", "processor:8080")))
                .hasMessageContaining("QUERY_ENDPOINT is not a URL");
    }

    @Test
    void namesTheTransportByItselfOrByItsAddress() throws Exception {
        assertThat(Settings.of(Map.of("K_SINK", "http://b")).transport()).isEqualTo(Settings.Transport.KNATIVE);
        assertThat(Settings.of(Map.of("NATS_URL", "nats://b")).transport()).isEqualTo(Settings.Transport.NATS);
        assertThat(Settings.of(Map.of("NATS_URL", "nats://b", "IMAGING_EVENTS_TRANSPORT", "local"))
                        .transport())
                .isEqualTo(Settings.Transport.LOCAL);
        assertThatThrownBy(() -> Settings.of(Map.of("IMAGING_EVENTS_TRANSPORT", "pigeons")))
                .hasMessage("IMAGING_EVENTS_TRANSPORT=pigeons is none of local, nats, knative");
    }
}
