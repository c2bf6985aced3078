package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StorageSettingsTest {
    private static final Map<String, String> S3 = Map.of("BUCKET_HOST", "s3.example.org", "BUCKET_NAME", "images");

    @TempDir
    Path folder;

    @Test
    void keepsFilesWhereNothingIsSet() throws Exception {
        assertThat(StorageSettings.of(Map.of("BUCKET_HOST", " ", "AWS_ACCESS_KEY_ID", "")))
                .isEqualTo(Map.of("STORAGE_SPACE", "storage-space-file-action"));
    }

    @ParameterizedTest
    @CsvSource({
        "BUCKET_HOST, storage-space-s3-action",
        "BUCKET_NAME, storage-space-s3-action",
        "AZURE_STORAGE_CONNECTION_STRING, storage-space-azure-action",
        "AZURE_CONTAINER_NAME, storage-space-azure-action",
        "AWS_ACCESS_KEY_ID, storage-space-file-action"
    })
    void tellsTheKindByWhatIsSet(String name, String kamelet) throws Exception {
        assertThat(StorageSettings.of(Map.of(name, "x"))).containsEntry("STORAGE_SPACE", kamelet);
    }

    @Test
    void takesS3RatherThanAzure() throws Exception {
        assertThat(StorageSettings.of(Map.of("AZURE_CONTAINER_NAME", "x", "BUCKET_NAME", "y")))
                .containsEntry("STORAGE_SPACE", "storage-space-s3-action");
    }

    @Test
    void makesAnAddressOfHostAndPort() throws Exception {
        assertThat(StorageSettings.of(S3)).containsEntry("BUCKET_ADDRESS", "s3.example.org");
        assertThat(StorageSettings.of(Map.of("BUCKET_HOST", "s3.example.org", "BUCKET_PORT", "9000")))
                .containsEntry("BUCKET_ADDRESS", "s3.example.org:9000");
    }

    @Test
    void readsMountedFiles() throws Exception {
        Files.writeString(folder.resolve("BUCKET_HOST"), "mounted.example.org\n");
        Files.writeString(folder.resolve("BUCKET_NAME"), "mounted\n");
        Files.writeString(folder.resolve("OTHER"), "other");

        assertThat(StorageSettings.of(Map.of("BUCKET_CONFIG_PATH", folder.toString(), "BUCKET_NAME", "variable")))
                .isEqualTo(Map.of(
                        "BUCKET_HOST", "mounted.example.org",
                        "BUCKET_NAME", "variable",
                        "BUCKET_ADDRESS", "mounted.example.org",
                        "STORAGE_SPACE", "storage-space-s3-action"));
    }

    @Test
    void saysWhichFileCannotBeRead() throws IOException {
        Files.createDirectory(folder.resolve("AWS_SECRET_ACCESS_KEY"));

        assertThatThrownBy(() -> StorageSettings.of(Map.of("BUCKET_SECRET_PATH", folder.toString())))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("AWS_SECRET_ACCESS_KEY cannot be read");
    }
}
