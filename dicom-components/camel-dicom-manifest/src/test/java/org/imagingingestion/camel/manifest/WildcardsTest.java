package org.imagingingestion.camel.manifest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class WildcardsTest {
    @ParameterizedTest
    @CsvSource({
        "DOE*, DOE%",
        "*D?E*, %D_E%",
        "100%, 100\\%",
        "A_B\\C, A\\_B\\\\C",
    })
    void writesPatternsOfLike(String value, String pattern) {
        assertThat(Wildcards.like(value)).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource({
        "%DOE%, %DOE%",
        "%山%, %z5c71%",
        "%D_E%, %D%E%",
        "%A\\_É%, %A\\_zc9%",
        "%😀%, %z1f600%",
    })
    void spellsLettersAsTheIndexDoes(String pattern, String spelt) {
        assertThat(Wildcards.spelt(pattern)).isEqualTo(spelt);
    }

    @ParameterizedTest
    @CsvSource({
        "DOE*, DOE^JOHN, true",
        "*JOHN, DOE^JOHN, true",
        "D?E*, DOE, true",
        "D?E, DE, false",
        "*, '', true",
        "?, '', false",
        "a*b*c, aXXbYYc, true",
        "a*b*c, aXXbYY, false",
        "?, 😀, true",
    })
    void matches(String pattern, String text, boolean expected) {
        assertThat(Wildcards.matches(pattern, text)).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab").ofMaxLength(8);
    }

    @Property(tries = 2000)
    void matchesAsARegularExpressionDoes(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
        boolean expected = text.matches(pattern.replace("*", ".*").replace("?", "."));

        assertThat(Wildcards.matches(pattern, text)).isEqualTo(expected);
    }

    @Test
    void doesNotTakeForeverOnManyStars() {
        assertThat(Wildcards.matches("*a".repeat(200) + "b", "a".repeat(20_000)))
                .isFalse();
    }
}
