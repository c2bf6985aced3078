package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceFilter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The destinations there are, in their order. As JSON, {@code [{"filter": "Modality=MR", "dicomweb_destination":
 * "https://archive.example.org/dicom-web"}, {"filter": "", "name": "PACS", "host": "pacs", "port": 104}]}; each may have
 * {@code options} of its endpoint, {@code "callingAE=ROUTER&maximumRetries=0"}.
 */
final class Destinations {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]*");
    private static final int LARGEST_PORT = 65535;
    private static final InstanceFilter ALL = InstanceFilter.parse("");
    /** What proves to a server who asks is shown to no other server. */
    private static final Set<String> CREDENTIALS = Set.of(
            "bearertoken",
            "bearertokenfile",
            "username",
            "password",
            "tokenurl",
            "clientid",
            "clientsecret",
            "scopes",
            "sslcontextparameters");

    private final List<Destination> filtered = new ArrayList<>();
    private final Map<String, Object> stowOptions;
    private final Map<String, Object> dimseOptions;
    private final String defaultAddress;
    private final Destination otherwise;
    private final boolean all;

    /**
     * @param source JSON or the path of a file that has it, blank for none
     * @param defaultAddress where instances go that no filter takes: URL of a DICOMweb service, or URI of an endpoint; blank for
     *     nowhere
     * @param all whether an instance goes to all that take it, and not to the first one
     * @throws IllegalArgumentException naming what is wrong
     */
    Destinations(
            String source,
            String defaultAddress,
            boolean all,
            Map<String, Object> stowOptions,
            Map<String, Object> dimseOptions) {
        this.stowOptions = stowOptions;
        this.dimseOptions = dimseOptions;
        this.defaultAddress = defaultAddress == null ? "" : defaultAddress.strip();
        this.all = all;
        otherwise = this.defaultAddress.isEmpty() ? null : byDefault();
        String json = source == null ? "" : source.strip();
        if (!json.isEmpty()) {
            parse(json.startsWith("[") ? json : read(json));
        }
        if (filtered.isEmpty() && otherwise == null) {
            throw new IllegalArgumentException("There is neither a destination nor a default destination");
        }
    }

    private Destination byDefault() {
        if (isWeb(defaultAddress)) {
            return new Destination(name(defaultAddress), stow(defaultAddress, Map.of()), ALL);
        }
        String name = StringHelper.before(defaultAddress, "?", defaultAddress);
        return new Destination(
                name, defaultAddress.startsWith("dimse:") ? withOptions(dimseOptions) : defaultAddress, ALL);
    }

    /** The default address with those options that it does not have itself. */
    private String withOptions(Map<String, Object> options) {
        Map<String, Object> all = new LinkedHashMap<>(options);
        all.putAll(options(StringHelper.after(defaultAddress, "?", ""), "The default destination"));
        return uri(StringHelper.before(defaultAddress, "?", defaultAddress), all);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("The destinations in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void parse(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The destinations are not JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isArray()) {
            throw new IllegalArgumentException("The destinations are not a JSON array");
        }
        for (JsonNode node : root) {
            Destination destination = destination(node, "Destination " + (filtered.size() + 1));
            boolean isOther = Stream.concat(filtered.stream(), Stream.ofNullable(otherwise))
                    .anyMatch(known -> known.name().equals(destination.name())
                            && !known.uri().equals(destination.uri()));
            if (isOther) {
                throw new IllegalArgumentException("There are two destinations with the name " + destination.name());
            }
            filtered.add(destination);
        }
    }

    private Destination destination(JsonNode node, String where) {
        if (!node.path("filter").isTextual()) {
            throw new IllegalArgumentException(where + " has no filter; an empty one takes every instance");
        }
        InstanceFilter filter = InstanceFilter.parse(node.path("filter").asText());
        Map<String, Object> own = options(node.path("options").asText(""), where);
        String address = node.path("dicomweb_destination").asText("");
        if (!address.isEmpty()) {
            if (!isWeb(address)) {
                throw new IllegalArgumentException(
                        where + " has a dicomweb_destination that is no URL of http or https");
            }
            return new Destination(node.path("name").asText(name(address)), stow(address, own), filter);
        }
        String name = node.path("name").asText("");
        String host = node.path("host").asText("");
        int port = node.path("port").asInt(0);
        if (name.isEmpty() || host.isEmpty() || port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException(where
                    + " has neither a dicomweb_destination nor a name, a host and a port from 1 to " + LARGEST_PORT);
        }
        Map<String, Object> options = new LinkedHashMap<>(dimseOptions);
        options.putAll(own);
        return new Destination(name, uri("dimse:" + name + "@" + host + ":" + port, options), filter);
    }

    private static Map<String, Object> options(String query, String where) {
        try {
            return URISupport.parseQuery(query, true);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    where + " has options that are not as callingAE=ROUTER, pairs being separated by &", e);
        }
    }

    private static boolean isWeb(String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    private static String name(String address) {
        return address.replaceAll("(/+studies)?/*$", "");
    }

    private String stow(String address, Map<String, Object> own) {
        Map<String, Object> options = new LinkedHashMap<>(stowOptions);
        if (!isSameServer(address) || own.keySet().stream().anyMatch(Destinations::isCredential)) {
            options.keySet().removeIf(Destinations::isCredential);
        }
        options.putAll(own);
        return uri("stow:" + name(address), options);
    }

    /** However it is written: options are taken in any case, and with hyphens. */
    private static boolean isCredential(String option) {
        return CREDENTIALS.contains(option.replace("-", "").toLowerCase(Locale.ROOT));
    }

    private boolean isSameServer(String address) {
        if (!isWeb(defaultAddress)) {
            return false;
        }
        URI one = URI.create(address);
        URI other = URI.create(defaultAddress);
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getRawAuthority().equalsIgnoreCase(other.getRawAuthority());
    }

    /** The options are taken as they are: secrets have any characters, and some are placeholders still. */
    private static String uri(String address, Map<String, Object> options) {
        String query = new TreeMap<>(options)
                .entrySet().stream()
                        .map(option ->
                                option.getKey() + "=" + raw(option.getValue().toString()))
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? address : address + "?" + query;
    }

    private static String raw(String value) {
        return PLAIN.matcher(value).matches() ? value : "RAW(" + value + ")";
    }

    /** Each of them once. */
    List<Destination> each() {
        Map<String, Destination> byName = new LinkedHashMap<>();
        filtered.forEach(destination -> byName.putIfAbsent(destination.name(), destination));
        if (otherwise != null) {
            byName.putIfAbsent(otherwise.name(), otherwise);
        }
        return List.copyOf(byName.values());
    }

    /**
     * The destinations of an instance, each once, at least one.
     *
     * @throws DicomException where it has none: what nobody takes is not acknowledged
     */
    List<Destination> choose(String provider, String callingAE, DataSet dataSet) throws DicomException {
        Map<String, Destination> chosen = new LinkedHashMap<>();
        for (Destination destination : filtered) {
            if ((all || chosen.isEmpty()) && destination.filter().matches(provider, callingAE, dataSet)) {
                chosen.putIfAbsent(destination.name(), destination);
            }
        }
        if (chosen.isEmpty() && otherwise != null) {
            return List.of(otherwise);
        }
        if (chosen.isEmpty()) {
            throw new DicomException(DicomStatus.PROCESSING_FAILURE, "No destination takes the instance");
        }
        return List.copyOf(chosen.values());
    }
}
