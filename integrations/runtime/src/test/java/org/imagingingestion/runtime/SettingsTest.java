package org.imagingingestion.runtime;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
