package org.imagingingestion.dicom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PersonNameTest {

    @Test
    void hasThreeGroupsOfFiveComponents() {
        // PS3.5 §6.2.1.1 and §H.3
        PersonName adams = PersonName.of("Adams^John Robert Quincy^^Rev.^B.A. M.Div.");
        PersonName yamada = PersonName.of("Yamada^Tarou=山田^太郎=やまだ^たろう");

        assertThat(PersonName.familyName(adams.alphabetic())).isEqualTo("Adams");
        assertThat(PersonName.givenName(adams.alphabetic())).isEqualTo("John Robert Quincy");
        assertThat(PersonName.middleName(adams.alphabetic())).isEmpty();
        assertThat(PersonName.namePrefix(adams.alphabetic())).isEqualTo("Rev.");
        assertThat(PersonName.nameSuffix(adams.alphabetic())).isEqualTo("B.A. M.Div.");
        assertThat(adams.ideographic()).isEmpty();
        assertThat(adams.phonetic()).isEmpty();
        assertThat(yamada).isEqualTo(new PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Doe^John        | Doe^John
            Doe^John^^^     | Doe^John
            Doe^John^^ ==   | Doe^John
            =山田^太郎=      | =山田^太郎
            ==やまだ         | ==やまだ
            ^John           | ^John
            ''              | ''
            ^^^^            | ''
            a=b=c=d         | a=b=c=d
            """)
    void isWrittenWithoutDelimitersAtTheEnd(String value, String written) {
        assertThat(PersonName.of(value)).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            doe^john^^      | DOE^JOHN
            ' Doe ^  John  Q '| DOE^JOHN Q
            'Doe^J*'        | DOE^J*
            Doe ^ = 山田　太郎 ^ | DOE=山田 太郎
            straße          | STRASSE
            title           | TITLE
            """)
    void isSearchedWithoutCaseAndSpacing(String name, String normalized) {
        assertThat(PersonName.normalized(name)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @CsvSource({
        "Jérôme, Jerome",
        "Ångström, Angstrom",
        "Weiß, Weiss",
        "Søren, Soren",
        "Ærø, AEro",
        "Łukasz, Lukasz",
        "Œuvre, OEuvre",
        "Þór, THor",
        "Đorđe, Dorde",
        "İıi, Iii",
        "Ёлка, Елка",
        "ガギグ, ガギグ",
        "홍길동, 홍길동",
        "山田, 山田"
    })
    void isSearchedWithoutAccents(String text, String plain) {
        assertThat(PersonName.withoutAccents(text)).isEqualTo(plain);
    }
}
