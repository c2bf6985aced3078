package org.imagingingestion.camel.dicomweb;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1, bytes 0-0/100",
        "bytes=0-99, 0, 100, bytes 0-99/100",
        "bytes=10-19, 10, 10, bytes 10-19/100",
        "bytes=90-, 90, 10, bytes 90-99/100",
        "bytes=90-200, 90, 10, bytes 90-99/100",
        "bytes=-30, 70, 30, bytes 70-99/100",
        "bytes=-300, 0, 100, bytes 0-99/100",
        "Bytes = 1-2, 1, 2, bytes 1-2/100"
    })
    void readsOneRange(String header, long offset, long length, String contentRange) {
        ByteRange range = ByteRange.parse(header, 100);

        assertThat(range).isEqualTo(new ByteRange(offset, length));
        assertThat(range.contentRange(100)).isEqualTo(contentRange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999999-"})
    void hasNoByteBeyondTheEnd(String header) {
        ByteRange range = ByteRange.parse(header, 100);

        assertThat(range.length()).isZero();
        assertThat(range.contentRange(100)).isEqualTo("bytes */100");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=1-2,4-5",
                "items=1-2",
                "bytes=5-4",
                "bytes=-",
                "bytes=a-b",
                "1-2",
                "bytes=9999999999999999999-"
            })
    void givesEverythingWhereItIsNotOneRange(String header) {
        assertThat(ByteRange.parse(header, 100)).isNull();
    }
}
