package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class PreparedJsonTest {
    private static final String URL = "http://host:8080/dicom-web";

    private static String array(String url, String... documents) throws Exception {
        List<byte[]> bytes = new ArrayList<>();
        for (String document : documents) {
            bytes.add(document.getBytes(UTF_8));
        }
        PreparedJson json = new PreparedJson(bytes, url);
        String array = new String(json.toArray(), UTF_8);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        json.writeArray(written);
        assertThat(written.toString(UTF_8)).isEqualTo(array);
        assertThat(json.arrayLength()).isEqualTo(array.getBytes(UTF_8).length);
        return array;
    }

    @Test
    void joinsDocumentsIntoAnArray() throws Exception {
        assertThat(array(URL)).isEqualTo("[]");
        assertThat(array(URL, "{}")).isEqualTo("[{}]");
        assertThat(array(URL, "{}", "{\"a\":1}", "{}")).isEqualTo("[{},{\"a\":1},{}]");
    }

    @Test
    void putsTheAddressWhereItIsMissing() throws Exception {
        assertThat(array(URL, "{\"u\":\"\u0001/studies/1\"}", "\u0001", "\u0001\u0001x"))
                .isEqualTo("[{\"u\":\"" + URL + "/studies/1\"}," + URL + "," + URL + URL + "x]");
    }

    @Test
    void findsPlacesAnywhere() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            StringBuilder document = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                document.append("\u0001\u0002\u0000aé\u0080ā".charAt(random.nextInt(7)));
            }
            assertThat(array(URL, document.toString()))
                    .isEqualTo("[" + document.toString().replace("\u0001", URL) + "]");
        }
    }

    @Test
    void keepsAHostileHostWithinItsString() throws Exception {
        assertThat(array("http://a\"b\\c", "{\"u\":\"\u0001/x\"}"))
                .isEqualTo("[{\"u\":\"http://a\\u0022b\\u005cc/x\"}]");
    }

    @Test
    void givesOneDocument() {
        PreparedJson json = new PreparedJson(List.of("{}".getBytes(UTF_8), "[\u0001]".getBytes(UTF_8)), URL);

        assertThat(new String(json.document(1), UTF_8)).isEqualTo("[" + URL + "]");
    }
}
