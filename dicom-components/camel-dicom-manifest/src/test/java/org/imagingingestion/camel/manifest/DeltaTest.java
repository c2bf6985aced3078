package org.imagingingestion.camel.manifest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DeltaTest {
    @Provide
    Arbitrary<byte[]> texts() {
        // few letters, so that much is the same
        return Arbitraries.strings()
                .withChars("ab{}\":1")
                .ofMaxLength(600)
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 400)
    void decodesWhatItEncoded(@ForAll("texts") byte[] base, @ForAll("texts") byte[] data) {
        byte[] encoded = Delta.encode(new Delta.Base(base), data);

        assertThat(Delta.decode(base, encoded)).isEqualTo(data);
    }

    @Property(tries = 200)
    void decodesAnyBytes(@ForAll byte[] base, @ForAll byte[] data) {
        assertThat(Delta.decode(base, Delta.encode(new Delta.Base(base), data))).isEqualTo(data);
    }

    @Property(tries = 200)
    void endsInAnExceptionWhenTheBytesAreNotItsOwn(@ForAll byte[] base, @ForAll byte[] encoded) {
        try {
            assertThat(Delta.decode(base, encoded)).isNotNull();
        } catch (IndexOutOfBoundsException | NegativeArraySizeException | OutOfMemoryError expected) {
            assertThat(encoded).isNotNull();
        }
    }

    @Test
    void tellsSimilarBytesInFew() {
        byte[] base = PreparedInstanceTest.prepared(1, 1, 1).metadata();
        byte[] data = PreparedInstanceTest.prepared(1, 1, 2).metadata();

        assertThat(Delta.encode(new Delta.Base(base), data)).hasSizeLessThan(data.length / 20);
    }

    @Test
    void tellsLongRepetitionsInFew() {
        byte[] data = new byte[3_000_000];
        Arrays.fill(data, (byte) 'x');

        byte[] encoded = Delta.encode(new Delta.Base(new byte[0]), data);

        assertThat(encoded).hasSizeLessThan(100);
        assertThat(Delta.decode(new byte[0], encoded)).isEqualTo(data);
    }

    @Test
    void refusesAnotherBase() {
        byte[] base = "0123456789abcdefghij".getBytes(StandardCharsets.UTF_8);
        byte[] encoded = Delta.encode(new Delta.Base(base), base);

        assertThatThrownBy(() -> Delta.decode(new byte[3], encoded)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void keepsTheBaseThatRecordedTemplatesAreReadWith() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Templates.COMMON.bytes());

        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo("c76209dadee908a52c0a5b81670e5ab011c3c8ddc9faadcd8832d72a88d5803a");
    }
}
