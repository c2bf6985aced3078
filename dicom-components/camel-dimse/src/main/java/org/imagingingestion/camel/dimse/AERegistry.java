package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.imagingingestion.dicom.net.AETitle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Who may call, and to whom instances may be moved: application entities by their titles.
 *
 * <p>It is JSON, {@code [{"name": "PACS", "host": "pacs.example.org", "port": 104}]}, where {@code tls}, {@code operations} (a list
 * of echo, store, find, move, get, commit) and {@code provider} may be added, and host and port left out for those that only call.
 */
public final class AERegistry {
    /** Environment variable that has the JSON where no other is given. */
    public static final String ENVIRONMENT = "ENV_AETS_JSON";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_PORT = 65535;

    private final Map<String, RemoteAE> entities;

    private AERegistry(Map<String, RemoteAE> entities) {
        this.entities = entities;
    }

    /**
     * Reads a registry.
     *
     * @param source JSON, or the path of a file that has it; blank for what {@link #ENVIRONMENT} has, if anything
     * @throws IllegalArgumentException naming what is wrong in it
     */
    public static AERegistry of(String source) {
        String given = source == null || source.isBlank() ? System.getenv().getOrDefault(ENVIRONMENT, "") : source;
        String json = given.strip();
        if (json.isEmpty()) {
            return new AERegistry(Map.of());
        }
        return parse(json.startsWith("[") ? json : read(json));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("The AE registry " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static AERegistry parse(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The AE registry is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isArray()) {
            throw new IllegalArgumentException("The AE registry is not a JSON array");
        }
        Map<String, RemoteAE> entities = new LinkedHashMap<>();
        for (JsonNode node : root) {
            RemoteAE entity = entity(node, entities.size() + 1);
            if (entities.put(entity.aeTitle(), entity) != null) {
                throw new IllegalArgumentException("The AE registry has " + entity.aeTitle() + " twice");
            }
        }
        return new AERegistry(entities);
    }

    private static RemoteAE entity(JsonNode node, int number) {
        String where = "name of entry " + number + " of the AE registry";
        String title = AETitle.require(where, node.path("name").asText(null));
        String host = node.path("host").asText(null);
        int port = node.path("port").asInt(0);
        if (host != null && (port < 1 || port > LARGEST_PORT)) {
            throw new IllegalArgumentException(
                    "port of " + title + " in the AE registry is to be a number from 1 to " + LARGEST_PORT);
        }
        Set<DimseOperation> operations = EnumSet.noneOf(DimseOperation.class);
        node.path("operations").forEach(name -> operations.add(DimseOperation.of(name.asText())));
        return new RemoteAE(
                title,
                host,
                port,
                node.path("tls").asBoolean(),
                operations,
                node.path("provider").asText(null));
    }

    /** The application entity of this title. */
    public Optional<RemoteAE> find(String aeTitle) {
        return Optional.ofNullable(entities.get(aeTitle));
    }
}
