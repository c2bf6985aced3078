package org.imagingingestion.runtime;

import java.io.InputStream;
import java.util.Map;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A document in YAML, as maps, lists, texts, numbers and booleans. */
final class YamlFile {
    private YamlFile() {}

    /**
     * Reads the only document of a file.
     *
     * @param what it is, for messages
     * @throws StartupException where it is none, or not an object
     */
    @SuppressWarnings("unchecked")
    static Map<String, Object> read(String what, InputStream in) throws StartupException {
        try {
            if (new Load(LoadSettings.builder().setLabel(what).build()).loadFromInputStream(in)
                    instanceof Map<?, ?> map) {
                return (Map<String, Object>) map;
            }
        } catch (YamlEngineException e) {
            throw new StartupException(what + " is not one document in YAML", e);
        }
        throw new StartupException(what + " is not an object in YAML");
    }

    /** What is at a path of members, {@code null} where there is nothing. */
    static Object at(Map<String, Object> document, String... path) {
        Object value = document;
        for (String member : path) {
            value = value instanceof Map<?, ?> map ? map.get(member) : null;
        }
        return value;
    }

    /** The text at a path of members, {@code null} where there is none. */
    static String text(Map<String, Object> document, String... path) {
        return at(document, path) instanceof String text && !text.isBlank() ? text : null;
    }
}
