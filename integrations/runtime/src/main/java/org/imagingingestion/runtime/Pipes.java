package org.imagingingestion.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Pipes that {@code PIPE} names, each a binding of a source to a sink as Camel K has it. Camel's own YAML language makes routes of them;
 * what it would pass over in silence is found here before anything starts.
 */
final class Pipes {
    private static final String API = "camel.apache.org/";
    private static final Set<String> MEMBERS = Set.of(
            "source",
            "sink",
            "steps",
            "errorHandler",
            "integration",
            "dependencies",
            "replicas",
            "traits",
            "serviceAccountName");
    private static final Set<String> END_MEMBERS = Set.of("ref", "uri", "properties");
    private static final Set<String> ERROR_HANDLERS = Set.of("none", "log", "sink");

    private final Kamelets kamelets;
    private final List<Path> files = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> withoutErrorHandler = new LinkedHashSet<>();

    private Pipes(Kamelets kamelets) {
        this.kamelets = kamelets;
    }

    /**
     * Reads Pipes.
     *
     * @param places files, or folders of them
     * @throws StartupException naming the file and what is wrong in it
     */
    static Pipes of(List<Path> places, Kamelets kamelets) throws StartupException {
        Pipes pipes = new Pipes(kamelets);
        for (Path place : places) {
            for (Path file : files(place)) {
                try (InputStream in = Files.newInputStream(file)) {
                    pipes.add(file, YamlFile.read("PIPE " + file, in));
                } catch (IOException e) {
                    throw new StartupException("PIPE " + file + " cannot be read", e);
                }
            }
        }
        return pipes;
    }

    private static List<Path> files(Path place) throws StartupException {
        if (!Files.exists(place)) {
            throw new StartupException("PIPE " + place + " is not there");
        }
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> all = Files.list(place)) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new StartupException("PIPE " + place + " is a folder without a file *.yaml");
            }
            return files;
        } catch (IOException e) {
            throw new StartupException("PIPE " + place + " cannot be read", e);
        }
    }

    /** What is to be added to the files of routes. */
    String routes() {
        return files.stream().map(file -> ",file:" + file).collect(Collectors.joining());
    }

    /** Ids of the routes of Pipes that do not say what becomes of a failure: their source is to hear of it. */
    Set<String> withoutErrorHandler() {
        return withoutErrorHandler;
    }

    private void add(Path file, Map<String, Object> pipe) throws StartupException {
        String where = "PIPE " + file;
        String version = YamlFile.text(pipe, "apiVersion");
        String kind = YamlFile.text(pipe, "kind");
        if (!"Pipe".equals(kind) || !(API + "v1").equals(version)) {
            throw new StartupException(where + " is " + version + " " + kind + ", not " + API + "v1 Pipe");
        }
        String name = YamlFile.text(pipe, "metadata", "name");
        if (name == null) {
            throw new StartupException(where + " has no metadata.name");
        }
        if (!names.add(name)) {
            throw new StartupException(where + " has the name " + name + ", as another Pipe has");
        }
        Map<String, Object> spec = object(where, "spec", pipe.get("spec"));
        checkMembers(where + " has in spec", spec, MEMBERS);
        checkEnd(where, "source", "source", spec.get("source"));
        int number = 0;
        for (Object step : list(where, spec.get("steps"))) {
            checkEnd(where, "steps[" + number++ + "]", "action", step);
        }
        checkEnd(where, "sink", "sink", spec.get("sink"));
        if (spec.get("errorHandler") == null) {
            withoutErrorHandler.add(name);
        } else {
            checkErrorHandler(where, object(where, "spec.errorHandler", spec.get("errorHandler")));
        }
        files.add(file);
    }

    private void checkErrorHandler(String where, Map<String, Object> handler) throws StartupException {
        checkMembers(where + " has in spec.errorHandler", handler, ERROR_HANDLERS);
        if (handler.size() != 1) {
            throw new StartupException(
                    where + " is to have one of " + sorted(ERROR_HANDLERS) + " in spec.errorHandler");
        }
        if (handler.containsKey("sink")) {
            checkEnd(where, "errorHandler.sink.endpoint", "sink", YamlFile.at(handler, "sink", "endpoint"));
        }
    }

    private static void checkMembers(String what, Map<String, Object> object, Set<String> known)
            throws StartupException {
        for (String member : object.keySet()) {
            if (!known.contains(member)) {
                throw new StartupException(what + " \"" + member + "\", which is none of " + sorted(known));
            }
        }
    }

    private static String sorted(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String where, String member, Object value) throws StartupException {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new StartupException(where + (value == null ? " has no " + member : " has no object as " + member));
    }

    private static List<?> list(String where, Object value) throws StartupException {
        if (value == null || value instanceof List<?>) {
            return value == null ? List.of() : (List<?>) value;
        }
        throw new StartupException(where + " has no list as spec.steps");
    }

    /** @param kind of Kamelet that belongs here */
    private void checkEnd(String where, String member, String kind, Object value) throws StartupException {
        Map<String, Object> end = object(where, "spec." + member, value);
        checkMembers(where + " has in spec." + member, end, END_MEMBERS);
        if (end.containsKey("ref") == end.containsKey("uri")) {
            throw new StartupException(where + " is to have either ref or uri in spec." + member);
        }
        if (end.containsKey("properties")) {
            object(where, "spec." + member + ".properties", end.get("properties"));
        }
        if (end.containsKey("ref")) {
            checkKamelet(where + ", spec." + member, kind, end);
        }
    }

    private void checkKamelet(String where, String kind, Map<String, Object> end) throws StartupException {
        String version = YamlFile.text(end, "ref", "apiVersion");
        String refers = YamlFile.text(end, "ref", "kind");
        String name = YamlFile.text(end, "ref", "name");
        if (!"Kamelet".equals(refers) || version == null || !version.startsWith(API)) {
            throw new StartupException(
                    where + ": " + version + " " + refers + " is in a cluster only; here it is a Kamelet or a uri");
        }
        Map<String, Object> kamelet = kamelets.find(name == null ? "" : name)
                .orElseThrow(() -> new StartupException(where + ": there is no Kamelet " + name));
        String is = YamlFile.text(kamelet, "metadata", "labels", "camel.apache.org/kamelet.type");
        if (!kind.equals(is)) {
            throw new StartupException(where + ": the Kamelet " + name + " is of type " + is + ", not " + kind);
        }
        Object properties = end.get("properties");
        if (properties instanceof Map<?, ?> given) {
            Object known = YamlFile.at(kamelet, "spec", "definition", "properties");
            for (Map.Entry<?, ?> each : given.entrySet()) {
                checkProperty(where + ": the Kamelet " + name, (Map<?, ?>) known, each);
            }
        }
    }

    private static void checkProperty(String kamelet, Map<?, ?> known, Map.Entry<?, ?> given) throws StartupException {
        if (known == null || !(known.get(given.getKey()) instanceof Map<?, ?> property)) {
            throw new StartupException(kamelet + " has no property \"" + given.getKey() + "\", but "
                    + (known == null
                            ? "none"
                            : known.keySet().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", "))));
        }
        String value = String.valueOf(given.getValue());
        if (value.contains("{{")) {
            // which is known when it runs
            return;
        }
        boolean fits =
                switch (String.valueOf(property.get("type"))) {
                    case "integer" -> value.matches("-?\\d+");
                    case "boolean" -> value.matches("true|false");
                    default -> !(given.getValue() instanceof Map) && !(given.getValue() instanceof List);
                };
        if (!fits) {
            throw new StartupException(
                    kamelet + " has as " + given.getKey() + " what is not of type " + property.get("type"));
        }
        if (property.get("enum") instanceof List<?> values
                && values.stream().noneMatch(each -> String.valueOf(each).equals(value))) {
            throw new StartupException(kamelet + " has as " + given.getKey() + " what is none of " + values);
        }
    }
}
