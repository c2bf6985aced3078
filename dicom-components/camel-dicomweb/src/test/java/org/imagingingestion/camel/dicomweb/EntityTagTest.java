package org.imagingingestion.camel.dicomweb;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class EntityTagTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\"|true",
                "W/\"a\"|true",
                "\"b\", \"a\"|true",
                "\"b\",W/\"a\"|true",
                "*|true",
                "\"b\"|false",
                "a|false",
                "\"ab\"|false"
            })
    void comparesWithWhatTheClientHas(String ifNoneMatch, boolean has) {
        assertThat(EntityTag.isNoneMatch(List.of(ifNoneMatch), "\"a\"")).isEqualTo(has);
    }

    @Test
    void comparesWithSeveralHeaders() {
        assertThat(EntityTag.isNoneMatch(List.of("\"b\"", "\"a\""), "\"a\"")).isTrue();
        assertThat(EntityTag.isNoneMatch(List.of(), "\"a\"")).isFalse();
    }

    @Test
    void givesRangesOfTheSameRepresentationOnly() {
        assertThat(EntityTag.isIfRange(null, "\"a\"")).isTrue();
        assertThat(EntityTag.isIfRange("\"a\"", "\"a\"")).isTrue();
        assertThat(EntityTag.isIfRange("W/\"a\"", "\"a\"")).isFalse();
        assertThat(EntityTag.isIfRange("Wed, 21 Oct 2015 07:28:00 GMT", "\"a\""))
                .isFalse();
    }

    @Test
    void tellsVersionsAndRepresentationsApart() {
        assertThat(List.of(EntityTag.of("1", "x"), EntityTag.of("2", "x"), EntityTag.of("1", "y")))
                .doesNotHaveDuplicates()
                .allMatch(tag -> tag.matches("\"[0-9a-f]{32}-[xy]\""));
    }
}
