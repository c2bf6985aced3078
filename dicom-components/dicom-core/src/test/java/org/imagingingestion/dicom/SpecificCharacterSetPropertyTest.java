package org.imagingingestion.dicom;

import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class SpecificCharacterSetPropertyTest {
    private static final List<String> DECLARATIONS = List.of(
            "",
            "ISO_IR 6",
            "ISO_IR 100",
            "ISO_IR 101",
            "ISO_IR 109",
            "ISO_IR 110",
            "ISO_IR 144",
            "ISO_IR 127",
            "ISO_IR 126",
            "ISO_IR 138",
            "ISO_IR 148",
            "ISO_IR 203",
            "ISO_IR 13",
            "ISO_IR 166",
            "ISO_IR 192",
            "GB18030",
            "GBK",
            "/ISO 2022 IR 87",
            "/ISO 2022 IR 87/ISO 2022 IR 159",
            "ISO 2022 IR 13/ISO 2022 IR 87",
            "/ISO 2022 IR 149",
            "/ISO 2022 IR 58",
            "ISO 2022 IR 149",
            "ISO 2022 IR 100/ISO 2022 IR 144/ISO 2022 IR 126",
            "ISO 2022 IR 13/ISO 2022 IR 149/ISO 2022 IR 87/ISO 2022 IR 101");

    @Property(tries = 2000)
    void whatCanBeEncodedIsReadBackAsItWas(
            @ForAll("characterSets") SpecificCharacterSet set, @ForAll("texts") String text, @ForAll("vrs") VR vr) {
        StringBuilder encodable = new StringBuilder();
        text.codePoints().filter(c -> set.canEncode(Character.toString(c), vr)).forEach(encodable::appendCodePoint);
        byte[] bytes = set.encode(encodable.toString(), vr);

        assertThat(set.canEncode(encodable.toString(), vr)).isTrue();
        assertThat(set.decode(bytes, 0, bytes.length, vr)).isEqualTo(encodable.toString());
    }

    @Property(tries = 2000)
    void whatIsWrittenIsStableWhateverTheText(
            @ForAll("characterSets") SpecificCharacterSet set, @ForAll("texts") String text, @ForAll("vrs") VR vr) {
        byte[] once = set.encode(text, vr);
        byte[] twice = set.encode(set.decode(once, 0, once.length, vr), vr);

        assertThat(twice).isEqualTo(once);
    }

    @Property(tries = 3000)
    void readsAnyBytes(
            @ForAll("characterSets") SpecificCharacterSet set, @ForAll("bytes") byte[] bytes, @ForAll("vrs") VR vr) {
        assertThat(set.decode(bytes, 0, bytes.length, vr)).hasSizeLessThanOrEqualTo(bytes.length);
    }

    @Property
    void undeclaredBytesAreKept(@ForAll byte[] bytes, @ForAll("vrs") VR vr) {
        SpecificCharacterSet set = SpecificCharacterSet.DEFAULT;

        assertThat(set.encode(set.decode(bytes, 0, bytes.length, vr), vr)).isEqualTo(bytes);
    }

    @Provide
    Arbitrary<SpecificCharacterSet> characterSets() {
        return Arbitraries.of(DECLARATIONS).map(terms -> SpecificCharacterSet.of(terms.split("/")));
    }

    @Provide
    Arbitrary<VR> vrs() {
        return Arbitraries.of(VR.PN, VR.LO, VR.LT, VR.UC);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<Character> script = Arbitraries.of(
                'A', 'z', ' ', '^', '=', '\\', '~', '\r', '\n', '\t', 'é', 'ł', 'Ж', 'Δ', 'ש', 'ع', 'ส', '€', 'ﾔ', '¥',
                '‾', '山', '田', 'や', '乗', '丂', '洪', '홍', '张', '\u001B', '\u0085', '\u00A0', '\uFFFD');
        return Arbitraries.oneOf(script, Arbitraries.chars().all())
                .list()
                .ofMaxSize(30)
                .map(SpecificCharacterSetPropertyTest::join);
    }

    private static String join(List<Character> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::append);
        return text.toString();
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<Byte> telling = Arbitraries.of(
                (byte) 0x1B,
                (byte) '$',
                (byte) '(',
                (byte) ')',
                (byte) 'B',
                (byte) 'D',
                (byte) 'C',
                (byte) 'J',
                (byte) '\\',
                (byte) '^',
                (byte) '-',
                (byte) 'F');
        return Arbitraries.oneOf(telling, Arbitraries.bytes())
                .array(byte[].class)
                .ofMaxSize(40);
    }
}
