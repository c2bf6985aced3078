package org.imagingingestion.camel.fhir;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.imagingingestion.camel.dicomweb.RestClient;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

/** What is asked of a FHIR server. Its failures are of the one taxonomy, and quote nothing unless {@code logPhi} has it so. */
final class FhirServer {
    private static final String FHIR_JSON = "application/fhir+json";
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern STUDY = Pattern.compile("(?:.*/)?ImagingStudy/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?");

    private final RestClient client;

    FhirServer(RestClient client) {
        this.client = client;
    }

    /**
     * What became of a transaction.
     *
     * @param isDone whether the ImagingStudy is written
     * @param existing id of the ImagingStudy that was there where there was to be none, {@code null} where that is not known
     */
    record Written(boolean isDone, String existing) {}

    /**
     * The ImagingStudy of a study.
     *
     * @param id of the resource where it is known
     * @param whole whether more than what tells its revision is needed
     * @return {@code null} where there is none
     * @throws DicomException CLASS_INSTANCE_CONFLICT where there are several
     */
    Published find(FhirIdentifier identifier, String id, boolean whole) throws DicomException, InterruptedException {
        String path = id == null ? "/ImagingStudy?" + identifier.search() + "&_count=2" : "/ImagingStudy/" + id;
        String elements = whole ? "" : (id == null ? "&" : "?") + "_elements=identifier,extension";
        List<Published> studies = get(path + elements, "ImagingStudy", id != null);
        if (studies.size() > 1) {
            throw new DicomException(
                    DicomStatus.CLASS_INSTANCE_CONFLICT,
                    "The FHIR server has more than one ImagingStudy of the study, of which none can be chosen");
        }
        return studies.isEmpty() ? null : studies.get(0);
    }

    /** The Endpoint of a storage space, of several always the same one; {@code null} where there is none. */
    Published findEndpoint(FhirIdentifier identifier) throws DicomException, InterruptedException {
        return get("/Endpoint?" + identifier.search(), "Endpoint", false).stream()
                .filter(endpoint -> identifier.isOf(endpoint.resource()))
                .min(Comparator.comparing(Published::id))
                .orElse(null);
    }

    private List<Published> get(String path, String type, boolean mayBeGone)
            throws DicomException, InterruptedException {
        // what a server remembers of an earlier search does not tell what was written since
        Map<String, String> headers = Map.of("Accept", FHIR_JSON, "Cache-Control", "no-cache");
        try (RestClient.Response response = client.send("GET", path, headers, null, null)) {
            if (mayBeGone && isGone(response.status())) {
                return List.of();
            }
            if (!response.isSuccess()) {
                throw response.refusal(status(response.status()));
            }
            return Published.read(response.body(), type);
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    /** Has a transaction done. @throws DicomException where it cannot be, for other reasons than what was written meanwhile */
    Written write(byte[] bundle, boolean isNew) throws DicomException, InterruptedException {
        Map<String, String> headers = Map.of("Accept", FHIR_JSON, "Prefer", "return=minimal");
        try (RestClient.Response response = client.send("POST", "", headers, FHIR_JSON, bundle)) {
            if (response.status() == 409 || response.status() == 412 || isGone(response.status()) && !isNew) {
                return new Written(false, null);
            }
            if (!response.isSuccess()) {
                throw response.refusal(status(response.status()));
            }
            return isNew ? created(response.body()) : new Written(true, null);
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    /** Whether the ImagingStudy of a transaction's answer was created, and not there already. */
    private static Written created(InputStream in) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            String status = null;
            String location = null;
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (name.equals("resource")) {
                        parser.skipChildren();
                    } else if (name.equals("response") && value == JsonToken.START_OBJECT) {
                        status = null;
                        location = null;
                    } else if (name.equals("status")) {
                        status = parser.getText();
                    } else if (name.equals("location")) {
                        location = parser.getText();
                    }
                    Matcher study = STUDY.matcher(location == null ? "" : location);
                    if (status != null && study.matches()) {
                        return new Written(status.startsWith("201"), study.group(1));
                    }
                }
            }
        }
        throw new IOException("The server does not say what became of the ImagingStudy");
    }

    private static boolean isGone(int status) {
        return status == 404 || status == 410;
    }

    private static DicomStatus status(int httpStatus) {
        return switch (httpStatus) {
            case 400, 405, 406, 413, 415, 422, 501 -> DicomStatus.CANNOT_UNDERSTAND;
            case 401, 403, 407 -> DicomStatus.NOT_AUTHORIZED;
            case 404, 410 -> DicomStatus.NO_SUCH_OBJECT_INSTANCE;
            case 408, 429, 502, 503, 504, 507 -> DicomStatus.OUT_OF_RESOURCES;
            default -> DicomStatus.PROCESSING_FAILURE;
        };
    }

    /** A failure of the network is no fault of the event. */
    private static DicomException unanswered(IOException e) {
        // the message of a parser quotes the input
        String reason = e instanceof JsonProcessingException
                ? "its answer is not JSON"
                : e.getClass().getSimpleName();
        return new DicomException(DicomStatus.OUT_OF_RESOURCES, "The FHIR server did not answer: " + reason);
    }
}
