package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.imagingingestion.dicom.service.SenderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MultipartReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void readsPartsHoweverTheBytesCome(int piece) throws IOException {
        String body =
                "preamble\r\n--b\r\nContent-Type: application/dicom\r\n\r\none\r\n--b \t\r\nA: 1\r\n  2\r\nb:3\r\n\r\n"
                        + "t\r\n--w\r\no\r\n-\r\n--b\r\n\r\n\r\n--b--\r\nepilogue";

        MultipartReader reader = reader(body, "b", piece);

        MultipartReader.Part first = reader.next();
        assertThat(first.header("content-type")).isEqualTo("application/dicom");
        assertThat(text(first)).isEqualTo("one");
        MultipartReader.Part second = reader.next();
        assertThat(second.header("A")).isEqualTo("1 2");
        assertThat(second.header("B")).isEqualTo("3");
        assertThat(text(second)).isEqualTo("t\r\n--w\r\no\r\n-");
        assertThat(text(reader.next())).isEmpty();
        assertThat(reader.next()).isNull();
        assertThat(reader.next()).isNull();
    }

    @Test
    void takesPartsWithoutHeadersOrBody() throws IOException {
        assertThat(bodies("--b\r\n\r\n\r\n--b\r\nA:1\r\n\r\n\r\n--b--", "b")).containsExactly("", "");
        assertThat(bodies("--b\r\nA:1\r\n\r\n--b--", "b")).containsExactly("");
        assertThat(bodies("--b--", "b")).isEmpty();
    }

    @Test
    void passesOverWhatIsLeftOfAPart() throws IOException {
        MultipartReader reader = reader("--b\r\n\r\n" + "x".repeat(300_000) + "\r\n--b\r\n\r\ny\r\n--b--", "b", 5000);

        MultipartReader.Part first = reader.next();
        assertThat(first.read()).isEqualTo('x');
        assertThat(text(reader.next())).isEqualTo("y");
        assertThat(first.read()).isEqualTo(-1);
    }

    @Test
    void findsTheDelimiterAmongBytesThatResembleIt() throws IOException {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            StringBuilder content = new StringBuilder();
            while (content.length() < 2000) {
                String delimiter = "\r\n--aabaa";
                content.append(delimiter, 0, random.nextInt(delimiter.length()));
            }
            assertThat(bodies("--aabaa\r\n\r\n" + content + "\r\n--aabaa--", "aabaa"))
                    .containsExactly(content.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no delimiter",
                "--b",
                "--b\r\n",
                "--b\r\nContent-Type: x\r\n",
                "--b\r\n\r\nbody",
                "--b\r\n\r\nbody\r\n--",
                "--b\r\nno colon\r\n\r\n\r\n--b--",
                "--bc\r\n\r\n--bc--"
            })
    void saysWhatIsWrongWithABodyThatIsNone(String body) {
        assertThatThrownBy(() -> bodies(body, "b")).isInstanceOf(SenderException.class);
    }

    @Test
    void boundsTheHeadersOfAPart() {
        String headers = "A: 1\r\n".repeat(10_000);

        assertThatThrownBy(() -> bodies("--b\r\n" + headers + "\r\n\r\n--b--", "b"))
                .isInstanceOf(SenderException.class)
                .hasMessageContaining("headers");
        assertThatThrownBy(() -> bodies("--b\r\nA: " + "1".repeat(100_000) + "\r\n\r\n--b--", "b"))
                .isInstanceOf(SenderException.class)
                .hasMessageContaining("header");
    }

    private static List<String> bodies(String body, String boundary) throws IOException {
        MultipartReader reader = reader(body, boundary, 4096);
        List<String> bodies = new ArrayList<>();
        for (MultipartReader.Part part = reader.next(); part != null; part = reader.next()) {
            bodies.add(text(part));
        }
        return bodies;
    }

    private static String text(InputStream part) throws IOException {
        return new String(part.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static MultipartReader reader(String body, String boundary, int piece) throws IOException {
        InputStream in = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, piece));
            }
        };
        return new MultipartReader(in, boundary);
    }
}
