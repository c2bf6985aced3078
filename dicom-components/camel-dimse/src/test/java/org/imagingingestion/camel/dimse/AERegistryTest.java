package org.imagingingestion.camel.dimse;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AERegistryTest {
    @TempDir
    Path folder;

    @Test
    void readsTheDictionaryOfTheAdapter() {
        AERegistry registry = AERegistry.of("[{\"name\":\"PACS\",\"host\":\"pacs\",\"port\":104}]");

        RemoteAE pacs = registry.find("PACS").orElseThrow();
        assertThat(pacs.host()).isEqualTo("pacs");
        assertThat(pacs.port()).isEqualTo(104);
        assertThat(pacs.tls()).isFalse();
        assertThat(DimseOperation.values()).allMatch(pacs::may);
        assertThat(registry.find("pacs")).isEmpty();
    }

    @Test
    void readsWhatACallerMayDo() throws Exception {
        Path file = Files.writeString(
                folder.resolve("aes.json"),
                "[{\"name\":\"CT1\",\"operations\":[\"store\",\"COMMIT\"],\"provider\":\"radiology\",\"tls\":true}]");

        RemoteAE scanner = AERegistry.of(file.toString()).find("CT1").orElseThrow();

        assertThat(scanner.may(DimseOperation.STORE)).isTrue();
        assertThat(scanner.may(DimseOperation.FIND)).isFalse();
        assertThat(scanner.provider()).isEqualTo("radiology");
        assertThat(scanner.host()).isNull();
    }

    @Test
    void isEmptyWhereNothingIsGiven() {
        assertThat(AERegistry.of("").find("PACS")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{ | not JSON",
                "[{'host':'x','port':104}] | name of entry 1",
                "[{'name':'A','host':'x','port':104},{'name':'SEVENTEEN_LETTERS','host':'x','port':104}] | name of entry 2",
                "[{'name':'A','host':'x'}] | port of A",
                "[{'name':'A','host':'x','port':70000}] | port of A",
                "[{'name':'A','operations':['fly']}] | fly is no operation",
                "[{'name':'A'},{'name':'A'}] | A twice",
                "/nowhere/aes.json | /nowhere/aes.json cannot be read",
            })
    void saysWhatIsWrong(String source, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AERegistry.of(source.replace('\'', '"')))
                .withMessageContaining(message);
    }
}
