package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.imagingingestion.dicom.VR;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads rules of coercion from text, or from JSON. */
final class CoercionRules {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Set<String>> MEMBERS = Map.of(
            "set", Set.of("vr", "value"),
            "default", Set.of("vr", "value"),
            "remove", Set.of(),
            "copy", Set.of("to"),
            "map", Set.of("values"),
            "replace", Set.of("pattern", "with"),
            "prefix", Set.of("value"),
            "suffix", Set.of("value"));

    private final String text;
    private int at;

    private CoercionRules(String text) {
        this.text = text;
    }

    /**
     * Reads rules, one a line or separated by semicolons; lines that begin with # are not read.
     *
     * @throws IllegalArgumentException naming the rule that is wrong, and why
     */
    static List<CoercionRule> ofText(String text) {
        CoercionRules reader = new CoercionRules(text);
        List<CoercionRule> rules = new ArrayList<>();
        for (reader.skipToRule(); reader.at < text.length(); reader.skipToRule()) {
            int start = reader.at;
            try {
                rules.add(reader.rule());
                reader.requireEnd();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "The rule \"" + text.substring(start, reader.lineEnd(start)) + "\" is wrong: " + e.getMessage(),
                        e);
            }
        }
        return rules;
    }

    /**
     * Reads rules as JSON: {@code [{"rule": "set", "attribute": "InstitutionName", "value": "St. Elsewhere"}]}.
     *
     * @throws IllegalArgumentException naming the rule that is wrong, and why
     */
    static List<CoercionRule> ofJson(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The rules are not JSON: " + e.getOriginalMessage(), e);
        }
        List<CoercionRule> rules = new ArrayList<>();
        for (JsonNode node : root) {
            try {
                rules.add(rule(node));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Rule " + (rules.size() + 1) + " is wrong: " + e.getMessage(), e);
            }
        }
        return rules;
    }

    private static CoercionRule rule(JsonNode node) {
        String verb = member(node, "rule");
        Set<String> members = MEMBERS.get(verb);
        if (members == null) {
            throw unknown(verb);
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("rule") && !name.equals("attribute") && !members.contains(name)) {
                throw new IllegalArgumentException(verb + " has no " + name);
            }
        }
        AttributePath path = AttributePath.parse(member(node, "attribute"));
        return switch (verb) {
            case "set", "default" -> CoercionRule.set(
                    path,
                    node.has("vr") ? vr(member(node, "vr")) : null,
                    member(node, "value"),
                    verb.equals("default"));
            case "remove" -> CoercionRule.remove(path);
            case "copy" -> CoercionRule.copy(path, AttributePath.parse(member(node, "to")));
            case "map" -> {
                Map<String, String> table = new LinkedHashMap<>();
                if (!node.path("values").isObject()) {
                    throw new IllegalArgumentException("map needs values, an object");
                }
                node.get("values")
                        .fieldNames()
                        .forEachRemaining(name -> table.put(name, member(node.get("values"), name)));
                yield CoercionRule.map(path, table);
            }
            case "replace" -> CoercionRule.replace(path, pattern(member(node, "pattern")), member(node, "with"));
            case "prefix" -> CoercionRule.affix(path, member(node, "value"), "");
            default -> CoercionRule.affix(path, "", member(node, "value"));
        };
    }

    private static String member(JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw new IllegalArgumentException("it needs " + name + ", a string");
        }
        return node.get(name).textValue();
    }

    private static IllegalArgumentException unknown(String verb) {
        return new IllegalArgumentException(
                "\"" + verb + "\" is none of set, default, remove, copy, map, replace, prefix, suffix");
    }

    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription() + " in " + expression, e);
        }
    }

    private static VR vr(String name) {
        try {
            return VR.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\" is no VR", e);
        }
    }

    private CoercionRule rule() {
        String verb = word();
        if (!MEMBERS.containsKey(verb)) {
            throw unknown(verb);
        }
        AttributePath path = path();
        return switch (verb) {
            case "set", "default" -> {
                skipSpace();
                VR vr = at < text.length() && text.charAt(at) != '=' ? vr(word()) : null;
                require('=');
                yield CoercionRule.set(path, vr, value(""), verb.equals("default"));
            }
            case "remove" -> CoercionRule.remove(path);
            case "copy" -> {
                if (!word().equals("to")) {
                    throw new IllegalArgumentException("copy is as copy StudyID to AccessionNumber");
                }
                yield CoercionRule.copy(path, path());
            }
            case "map" -> CoercionRule.map(path, table());
            case "replace" -> {
                String expression = value("=");
                require('=');
                yield CoercionRule.replace(path, pattern(expression), value(""));
            }
            case "prefix" -> {
                require('=');
                yield CoercionRule.affix(path, value(""), "");
            }
            default -> {
                require('=');
                yield CoercionRule.affix(path, "", value(""));
            }
        };
    }

    private Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        do {
            String from = value("=");
            require('=');
            table.put(from, value(","));
            skipSpace();
        } while (at < text.length() && text.charAt(at) == ',' && at++ >= 0);
        return table;
    }

    private String word() {
        skipSpace();
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private AttributePath path() {
        skipSpace();
        int length = AttributePath.lengthIn(text.substring(at, lineEnd(at)));
        int start = at;
        at += length;
        return AttributePath.parse(length == 0 ? text.substring(start, lineEnd(start)) : text.substring(start, at));
    }

    /** A text in quotes, or up to one of some characters, a semicolon or the end of the line. */
    private String value(String ends) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (!isEnd() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            boolean isEscaped = text.startsWith("\\\"", at);
            at += isEscaped ? 1 : 0;
            value.append(text.charAt(at));
        }
        if (at == text.length()) {
            throw new IllegalArgumentException("a quotation mark is missing");
        }
        at++;
        return value.toString();
    }

    private void require(char c) {
        skipSpace();
        if (at >= text.length() || text.charAt(at) != c) {
            throw new IllegalArgumentException(c + " is missing");
        }
        at++;
    }

    private void requireEnd() {
        skipSpace();
        if (!isEnd()) {
            throw new IllegalArgumentException("it goes on behind its end");
        }
    }

    private boolean isEnd() {
        return at >= text.length() || text.charAt(at) == ';' || text.charAt(at) == '\n';
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) != '\n' && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private void skipToRule() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                at = lineEnd(at);
            } else if (c == ';' || Character.isWhitespace(c)) {
                at++;
            } else {
                return;
            }
        }
    }
}
