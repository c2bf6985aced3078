package org.imagingingestion.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the environment says about the storage space: variables, or files of the folders {@code BUCKET_CONFIG_PATH} and
 * {@code BUCKET_SECRET_PATH} that are named like them, as ConfigMaps and Secrets are mounted. A variable wins.
 *
 * <p>{@code BUCKET_HOST} or {@code BUCKET_NAME} stand for S3, else {@code AZURE_STORAGE_CONNECTION_STRING} or
 * {@code AZURE_CONTAINER_NAME} for Azure, else it is files.
 */
final class StorageSettings {
    private static final List<String> FOLDERS = List.of("BUCKET_CONFIG_PATH", "BUCKET_SECRET_PATH");
    private static final List<String> NAMES = List.of(
            "BUCKET_HOST",
            "BUCKET_PORT",
            "BUCKET_REGION",
            "BUCKET_NAME",
            "BUCKET_PATH_STYLE",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AZURE_STORAGE_CONNECTION_STRING",
            "AZURE_CONTAINER_NAME",
            "AZURE_STORAGE_ACCOUNT_NAME",
            "AZURE_STORAGE_ACCOUNT_KEY");

    private StorageSettings() {}

    /**
     * The properties that application.properties refers to: what is set, by its name, {@code BUCKET_ADDRESS} made of host and
     * port, and {@code STORAGE_SPACE}, the Kamelet.
     *
     * @throws StartupException where a file cannot be read
     */
    static Map<String, String> of(Map<String, String> environment) throws StartupException {
        Map<String, String> settings = new TreeMap<>();
        for (String folder : FOLDERS) {
            if (isSet(environment.get(folder))) {
                readAll(Path.of(environment.get(folder)), settings);
            }
        }
        NAMES.forEach(name -> putIfSet(name, environment.get(name), settings));
        String host = settings.get("BUCKET_HOST");
        if (host != null) {
            String port = settings.get("BUCKET_PORT");
            settings.put("BUCKET_ADDRESS", port == null ? host : host + ":" + port);
        }
        settings.put("STORAGE_SPACE", kamelet(settings));
        return settings;
    }

    private static String kamelet(Map<String, String> settings) {
        if (settings.containsKey("BUCKET_HOST") || settings.containsKey("BUCKET_NAME")) {
            return "storage-space-s3-action";
        }
        if (settings.containsKey("AZURE_STORAGE_CONNECTION_STRING") || settings.containsKey("AZURE_CONTAINER_NAME")) {
            return "storage-space-azure-action";
        }
        return "storage-space-file-action";
    }

    private static void readAll(Path folder, Map<String, String> settings) throws StartupException {
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                try {
                    putIfSet(name, Files.readString(file), settings);
                } catch (IOException e) {
                    throw new StartupException("The file " + file + " cannot be read", e);
                }
            }
        }
    }

    private static void putIfSet(String name, String value, Map<String, String> settings) {
        if (isSet(value)) {
            settings.put(name, value.strip());
        }
    }

    private static boolean isSet(String value) {
        return value != null && !value.isBlank();
    }
}
