package org.imagingingestion.dicom;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UIDsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "0",
                "1.2.840.10008.1.2",
                "1.0.3",
                "2.25.329800735698586629295641978511506172918",
                "1234567890.1234567890.1234567890.1234567890.1234567890.123456789"
            })
    void takesWhatTheStandardWrites(String uid) {
        assertThat(UIDs.isValid(uid)).isTrue();
        assertThat(UIDs.isLenient(uid)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.02.3", "00.1", "1.2.00"})
    void takesLeadingZerosOnlyWhereAsked(String uid) {
        assertThat(UIDs.isValid(uid)).isFalse();
        assertThat(UIDs.isLenient(uid)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.",
                ".1",
                "1..2",
                "1.2 ",
                "1.a",
                "1.-2",
                "1.٣",
                "1.2\u0000",
                "1234567890.1234567890.1234567890.1234567890.1234567890.1234567890"
            })
    void takesNothingElse(String uid) {
        assertThat(UIDs.isValid(uid)).isFalse();
        assertThat(UIDs.isLenient(uid)).isFalse();
    }

    @Test
    void takesNoUidForNone() {
        assertThat(UIDs.isValid(null)).isFalse();
    }

    @Test
    void derivesUidsFromUuids() {
        // PS3.5 §B.2
        assertThat(UIDs.of(UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")))
                .isEqualTo("2.25.329800735698586629295641978511506172918");
    }

    @Test
    void createsValidUidsOfWhichNoneIsLikeAnother() {
        String one = UIDs.create();
        String other = UIDs.create();

        assertThat(UIDs.isValid(one)).isTrue();
        assertThat(one).isNotEqualTo(other).startsWith("2.25.");
    }
}
