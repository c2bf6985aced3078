package org.imagingingestion.camel.dicomweb;

import org.imagingingestion.dicom.service.Retrieval;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataCacheTest {
    private final MetadataCache cache = new MetadataCache(10_000);

    private static MetadataCache.Key key(String study) {
        return new MetadataCache.Key(
                new Retrieval("p", study, null, null, Retrieval.Content.METADATA), "http://host", "json");
    }

    private static MetadataCache.Body body(String version, int length) {
        return MetadataCache.Body.of(version, new byte[length]);
    }

    @Test
    void givesABodyOfTheSameVersionOnly() {
        MetadataCache.Body body = body("1", 10);
        cache.put(key("1"), body);

        assertThat(cache.get(key("1"), "1")).isSameAs(body);
        assertThat(cache.get(key("1"), "2")).isNull();
        assertThat(cache.get(key("2"), "1")).isNull();
    }

    @Test
    void dropsWhatWasNotUsedForLongestWhenItIsFull() {
        cache.put(key("1"), body("1", 3000));
        cache.put(key("2"), body("1", 3000));
        cache.get(key("1"), "1");
        cache.put(key("3"), body("1", 3000));

        assertThat(cache.get(key("1"), "1")).isNotNull();
        assertThat(cache.get(key("2"), "1")).isNull();
        assertThat(cache.get(key("3"), "1")).isNotNull();
        assertThat(cache.used()).isLessThanOrEqualTo(10_000);
    }

    @Test
    void countsAReplacedBodyOnce() {
        for (int version = 0; version < 100; version++) {
            cache.put(key("1"), body("" + version, 5000));
        }

        assertThat(cache.used()).isLessThan(7000);
        assertThat(cache.get(key("1"), "99")).isNotNull();
    }

    @Test
    void keepsNothingWhereItHasNoRoom() {
        cache.put(key("1"), body("1", 20_000));
        MetadataCache none = new MetadataCache(0);
        none.put(key("1"), body("1", 1));

        assertThat(cache.used()).isZero();
        assertThat(none.used()).isZero();
    }
}
