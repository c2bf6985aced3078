package org.imagingingestion.camel.dicomweb;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.Retrieval;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An instance that a message names: by its path below a DICOMweb service, by a path that leads to the service first, by a URL of
 * the service, by the JSON of a DicomAvailableEvent, whose UIDs count where its endpoint is of another service or none, or by that of a
 * push of Pub/Sub that has one of these.
 *
 * @param service path from the address of the producer to the service, empty where it is the same
 * @param retrieval of the instance
 */
record InstanceReference(String service, Retrieval retrieval) {
    private static final int MOST_CHARACTERS = 64 << 10;
    private static final Pattern PATH = Pattern.compile(
            "(?<service>.*?)/studies/(?<study>[^/]+)/series/(?<series>[^/]+)/instances/(?<instance>[^/]+)/?");
    private static final Pattern SEGMENTS = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*");

    /**
     * Reads a reference.
     *
     * @param address of the producer, which no reference leads away from
     * @throws DicomException where it is none; the message says nothing of it
     */
    static InstanceReference parse(String text, String address) throws DicomException {
        if (text.length() > MOST_CHARACTERS) {
            throw refusal("The message is too long to name an instance");
        }
        String base = address.replaceAll("/+$", "");
        String name = text.strip();
        if (name.startsWith("{")) {
            name = name(name, base);
        }
        if (isUrl(name)) {
            if (!name.startsWith(base + "/")) {
                throw refusal("The message names an instance of another server");
            }
            name = name.substring(base.length());
        } else if (!name.startsWith("/")) {
            name = "/" + name;
        }
        Matcher path = PATH.matcher(name);
        if (!path.matches()
                || !SEGMENTS.matcher(path.group("service")).matches()
                || !UIDs.isLenient(path.group("study"))
                || !UIDs.isLenient(path.group("series"))
                || !UIDs.isLenient(path.group("instance"))) {
            throw refusal(
                    "The message names no instance as /studies/…/series/…/instances/… does, UIDs being digits and dots");
        }
        return new InstanceReference(
                path.group("service"),
                new Retrieval(
                        null,
                        path.group("study"),
                        path.group("series"),
                        path.group("instance"),
                        Retrieval.Content.LOCATIONS));
    }

    private static boolean isUrl(String name) {
        return name.startsWith("http:") || name.startsWith("https:");
    }

    private static String name(String json, String base) throws DicomException {
        try {
            JsonObject root = new JsonObject(json);
            JsonObject message = root.getJsonObject("message");
            if (message == null) {
                return name(root, base);
            }
            String pushed = new String(Base64.getDecoder().decode(text(message, "data")), UTF_8).strip();
            return pushed.startsWith("{") ? name(new JsonObject(pushed), base) : pushed;
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw refusal("The message is no JSON that names an instance");
        }
    }

    /** The endpoint of an event where that is of this service, else the path that the instance it tells of has here. */
    private static String name(JsonObject event, String base) {
        String endpoint = text(event, "endpoint");
        boolean isElsewhere = endpoint.isEmpty() || isUrl(endpoint) && !endpoint.startsWith(base + "/");
        return isElsewhere && event.containsKey("sopInstanceUID")
                ? "/studies/" + text(event, "studyInstanceUID") + "/series/" + text(event, "seriesInstanceUID")
                        + "/instances/" + text(event, "sopInstanceUID")
                : endpoint;
    }

    private static String text(JsonObject object, String name) {
        String value = object.getString(name);
        return value == null ? "" : value;
    }

    private static DicomException refusal(String message) {
        return new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, message);
    }
}
