package org.imagingingestion.dicom;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SpecificCharacterSetTest {

    /** PS3.5 Annexes H, I, J and K, and names in each alphabet of PS3.3 §C.12.1.1.2; values of the attribute separated by /. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ISO_IR 100                      | 4275635e4ae972f46d65                      | Buc^Jérôme
            ISO_IR 101                      | 5761b3ea7361                              | Wałęsa
            ISO_IR 109                      | a661fd                                    | Ĥaŭ
            ISO_IR 110                      | aab3e7                                    | Ēŗį
            ISO_IR 144                      | bbeeda6365dcd17970d3                      | Люкceмбypг
            ISO_IR 127                      | e2c8c7e6ea5ee4e6d2c7d1                    | قباني^لنزار
            ISO_IR 126                      | c4e9efedf5f3e9eff2                        | Διονυσιος
            ISO_IR 138                      | f9f8e5ef5ee3e1e5f8e4                      | שרון^דבורה
            ISO_IR 148                      | ddfd                                      | İı
            ISO_IR 203                      | a4bd                                      | €œ
            ISO_IR 13                       | d4cfc0de5ec0dbb3                          | ﾔﾏﾀﾞ^ﾀﾛｳ
            ISO_IR 166                      | cac1aad2c2                                | สมชาย
            ISO_IR 192                      | 57616e673de78e8b5ee5b08fe69db1            | Wang=王^小東
            GB18030                         | 57616e673dcdf55ed0a1b6ab                  | Wang=王^小东
            GBK                             | 57616e673dcdf55ed0a1b6ab                  | Wang=王^小东
            /ISO 2022 IR 87                 | 59616d6164613d1b24423b3345441b28425e1b244242404f3a1b2842 | Yamada=山田^太郎
            ISO 2022 IR 6/ISO 2022 IR 87    | 3d3d1b24422464245e24401b28425e1b2442243f246d24261b2842   | ==やまだ^たろう
            ISO 2022 IR 13/ISO 2022 IR 87   | d4cfc0de5ec0dbb33d1b24423b3345441b284a5e1b244242404f3a1b284a | ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎
            /ISO 2022 IR 149                | 3d1b242943fbf35e1b242943d1ced4d73d1b242943c8ab5e1b242943b1e6b5bf | =洪^吉洞=홍^길동
            /ISO 2022 IR 58                 | 5a68616e673d1b242941d5c55e1b242941d0a1b6ab | Zhang=张^小东
            /ISO 2022 IR 87/ISO 2022 IR 159 | 1b24284430211b28425e1b24423b331b2842       | 丂^山
            ISO 2022 IR 100/ISO 2022 IR 126 | e93d1b2d46c4e91b2d41                       | é=Δι
            ISO 2022 IR 6/ISO 2022 IR 166   | 1b2d54cac15e1b2d54aa                       | สม^ช
            """)
    void readsAndWritesEverySet(String terms, String bytes, String text) {
        SpecificCharacterSet set = SpecificCharacterSet.of(terms.split("/"));

        assertThat(decode(set, bytes, VR.PN)).isEqualTo(text);
        assertThat(encode(set, text, VR.PN)).isEqualTo(bytes);
        assertThat(set.canEncode(text, VR.PN)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO IR 144", "ISO-IR 144", "ISO_IR_144", "iso_ir 144", "ISO_IR 144 ", "ISO 2022 IR 144"})
    void understandsMisspeltTerms(String term) {
        assertThat(decode(SpecificCharacterSet.of(term), "bbee", VR.LO)).isEqualTo("Лю");
    }

    @Test
    void keepsBytesAbove127WhenNothingIsDeclared() {
        for (SpecificCharacterSet set : new SpecificCharacterSet[] {
            SpecificCharacterSet.DEFAULT,
            SpecificCharacterSet.of(),
            SpecificCharacterSet.of(""),
            SpecificCharacterSet.of("ISO_IR 6"),
            SpecificCharacterSet.of("KOI8-R")
        }) {
            String text = decode(set, "4d8fe9ff1b2442", VR.LO);

            assertThat(text).isEqualTo("M\u008F\u00E9\u00FF\u001B$B");
            assertThat(encode(set, text, VR.LO)).isEqualTo("4d8fe9ff1b2442");
            assertThat(set.canEncode(text)).isFalse();
        }
    }

    @Test
    void keepsBytesOfTheUpperHalfBeforeAnySetIsPutThere() {
        SpecificCharacterSet set = SpecificCharacterSet.of("", "ISO 2022 IR 149");

        assertThat(decode(set, "e95ee9", VR.PN)).isEqualTo("é^é");
        assertThat(encode(set, "é^é", VR.PN)).isEqualTo("e95ee9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ISO_IR 192      | 41c341     | A\uFFFDA
            ISO_IR 127      | 41a141     | A\uFFFDA
            ISO_IR 166      | fe         | \uFFFD
            GB18030         | 41ff5c     | A\uFFFD/
            /ISO 2022 IR 149| 1b242943a0fbf3fb | \uFFFD洪\uFFFD
            /ISO 2022 IR 87 | 1b24423b33451b284241 | 山\uFFFDA
            """)
    void replacesInvalidBytes(String terms, String bytes, String text) {
        assertThat(decode(SpecificCharacterSet.of(terms.split("/")), bytes, VR.LO))
                .isEqualTo(text.replace('/', '\\'));
    }

    @Test
    void secondBytesAreNoDelimiters() {
        // 乗峔乛 are 815C 8D5C 815E in GBK; 曾緯移 are 413D 305E 305C in JIS X 0208
        for (String text : new String[] {"乗^峔=乛", "乗\\峔"}) {
            for (String term : new String[] {"GBK", "GB18030"}) {
                SpecificCharacterSet set = SpecificCharacterSet.of(term);
                assertThat(decode(set, encode(set, text, VR.PN), VR.PN)).isEqualTo(text);
            }
        }
        SpecificCharacterSet japanese = SpecificCharacterSet.of("", "ISO 2022 IR 87");
        assertThat(decode(japanese, "1b2442413d305e305c1b28425e41", VR.PN)).isEqualTo("曾緯移^A");
    }

    @Test
    void returnsToTheFirstSetAtDelimiters() {
        SpecificCharacterSet set = SpecificCharacterSet.of("ISO 2022 IR 100", "ISO 2022 IR 126");

        assertThat(decode(set, "1b2d46c45cc4", VR.LO)).isEqualTo("Δ\\Ä");
        assertThat(decode(set, "1b2d46c45cc4", VR.LT)).isEqualTo("Δ\\Δ");
        assertThat(decode(set, "1b2d46c45ec4", VR.PN)).isEqualTo("Δ^Ä");
        assertThat(decode(set, "1b2d46c45ec4", VR.LO)).isEqualTo("Δ^Δ");
        assertThat(decode(set, "1b2d46c40d0ac409c40cc4", VR.LT)).isEqualTo("Δ\r\nÄ\tÄ\fÄ");
        assertThat(encode(set, "Δ\r\nΔ", VR.LT)).isEqualTo("1b2d46c41b2d410d0a1b2d46c41b2d41");
    }

    @Test
    void takesADelimiterForOneWhereTheWriterForgotToReturn() {
        SpecificCharacterSet set = SpecificCharacterSet.of("", "ISO 2022 IR 87");

        assertThat(decode(set, "1b24423b335e1b24424544", VR.PN)).isEqualTo("山^田");
    }

    @Test
    void yenIsWhereOthersHaveABackslash() {
        SpecificCharacterSet set = SpecificCharacterSet.of("ISO_IR 13");

        assertThat(decode(set, "415c427e", VR.LT)).isEqualTo("A\u00A5B\u203E");
        assertThat(decode(set, "415c427e", VR.LO)).isEqualTo("A\\B\u203E");
        assertThat(encode(set, "A\u00A5B\u203E", VR.LT)).isEqualTo("415c427e");
        assertThat(encode(set, "A\u00A5B", VR.LO)).isEqualTo("413f42");
    }

    @Test
    void writesAQuestionMarkForWhatTheSetsDoNotHave() {
        assertThat(encode(SpecificCharacterSet.DEFAULT, "山\uD83D\uDE00A", VR.LO))
                .isEqualTo("3f3f41");
        assertThat(encode(SpecificCharacterSet.of("ISO_IR 100"), "Δ", VR.LO)).isEqualTo("3f");
        assertThat(encode(SpecificCharacterSet.of("", "ISO 2022 IR 87"), "山é\u001B$B", VR.LO))
                .isEqualTo("1b24423b331b2842e93f2442");
        assertThat(SpecificCharacterSet.of("ISO_IR 100").canEncode("Δ")).isFalse();
        assertThat(SpecificCharacterSet.UTF8.canEncode("山\uD83D\uDE00")).isTrue();
        assertThat(SpecificCharacterSet.UTF8.canEncode("\uD83D")).isFalse();
    }

    @Test
    void readsAnExtensionThatStandsAlone() {
        assertThat(decode(SpecificCharacterSet.of("ISO 2022 IR 149"), "fbf3", VR.LO))
                .isEqualTo("洪");
        assertThat(encode(SpecificCharacterSet.of("ISO 2022 IR 149"), "洪", VR.LO))
                .isEqualTo("1b242943fbf3");
        assertThat(decode(SpecificCharacterSet.of("ISO 2022 IR 87"), "411b24423b331b2842", VR.LO))
                .isEqualTo("A山");
    }

    @Test
    void leavesOtherSetsAsideWhereTheFirstHasNoExtensions() {
        assertThat(decode(SpecificCharacterSet.of("ISO_IR 192", "ISO 2022 IR 87"), "e5b1b1", VR.LO))
                .isEqualTo("山");
        assertThat(decode(SpecificCharacterSet.of("", "ISO_IR 192"), "e9", VR.LO))
                .isEqualTo("é");
    }

    @Test
    void leavesEscapeSequencesThatDicomDoesNotHave() {
        assertThat(decode(SpecificCharacterSet.of("", "ISO 2022 IR 87"), "1b2e4141", VR.LO))
                .isEqualTo("\u001B.AA");
    }

    @Test
    void hasNoBearingOnOtherVRs() {
        assertThat(decode(SpecificCharacterSet.UTF8, "c3a9", VR.CS)).isEqualTo("\u00C3\u00A9");
        assertThat(encode(SpecificCharacterSet.UTF8, "\u00C3\u00A9", VR.CS)).isEqualTo("c3a9");
    }

    @Test
    void decodesAPartOfAnArray() {
        byte[] bytes = "xxAyy".getBytes(StandardCharsets.US_ASCII);

        assertThat(SpecificCharacterSet.of("", "ISO 2022 IR 87").decode(bytes, 2, 1, VR.LO))
                .isEqualTo("A");
    }

    @Test
    void tellsWhatWasDeclared() {
        assertThat(SpecificCharacterSet.DEFAULT.definedTerms()).isEmpty();
        assertThat(SpecificCharacterSet.of("", " ISO 2022 IR 87").definedTerms())
                .containsExactly("", "ISO 2022 IR 87");
        assertThat(SpecificCharacterSet.of("ISO_IR 192")).isSameAs(SpecificCharacterSet.UTF8);
    }

    private static String decode(SpecificCharacterSet set, String hex, VR vr) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return set.decode(bytes, 0, bytes.length, vr);
    }

    private static String encode(SpecificCharacterSet set, String text, VR vr) {
        return HexFormat.of().formatHex(set.encode(text, vr));
    }
}
