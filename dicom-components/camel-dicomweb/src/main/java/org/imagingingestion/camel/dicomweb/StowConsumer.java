package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.apache.camel.Processor;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceCheck;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.SenderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.vertx.core.http.HttpMethod;

/** Answers the store transaction: each instance of a request is an exchange of its own, and stands alone. */
public final class StowConsumer extends DicomwebConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(StowConsumer.class);
    private static final List<MediaType> RESPONSE_TYPES =
            List.of(MediaType.DICOM_JSON, MediaType.DICOM_XML, MediaType.JSON);
    private static final int DRAINED_AFTER_FAILURE = 4 << 20;

    private final StowEndpoint endpoint;
    private final Map<DicomStatus, LongAdder> failures = new EnumMap<>(DicomStatus.class);

    StowConsumer(StowEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        for (DicomStatus status : DicomStatus.values()) {
            failures.put(status, new LongAdder());
        }
        resource(HttpMethod.POST, "studies", call -> store(call, null));
        resource(
                HttpMethod.POST,
                "studies/{study}",
                call -> store(call, call.path().get(1)));
    }

    /** Instances that were not stored for this reason, in the route or before it. */
    public long failures(DicomStatus reason) {
        return failures.get(reason).sum();
    }

    private void store(HttpCall call, String study) throws Exception {
        MediaType responseType = Negotiation.choose(call, RESPONSE_TYPES);
        if (study != null && !UIDs.isLenient(study)) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "The study in the path is not a UID");
        }
        MediaType contentType = contentType(call);
        String encoding = call.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HttpException(415, "Bodies are not taken compressed, by Content-Encoding");
        }
        if (call.contentLength() > endpoint.getMaxRequestSize()) {
            throw new HttpException(413, "The request has more than " + endpoint.getMaxRequestSize() + " bytes");
        }
        StowResponse response = new StowResponse(
                retrieveUrl(call), reason -> failures.get(reason).increment());
        InputStream body = new Sent(call.body(), endpoint.getMaxRequestSize());
        int status = receive(call, contentType, body, study, response);
        if (!call.body().isConsumed()) {
            drain(call);
        }
        answer(call, status, responseType, response);
    }

    private static MediaType contentType(HttpCall call) throws DicomException {
        String header = call.header("Content-Type");
        if (header == null) {
            throw new HttpException(415, "The request has no Content-Type");
        }
        MediaType type = MediaType.parse(header);
        boolean multipart = type.type().equals("multipart/related");
        if (!multipart && !type.type().equals(MediaType.DICOM.type())) {
            throw new HttpException(
                    415, "Instances are taken as multipart/related or application/dicom, not as " + type.type());
        }
        if (multipart
                && (type.parameter(MediaType.BOUNDARY) == null
                        || type.parameter(MediaType.BOUNDARY).isEmpty())) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "Content-Type has no boundary parameter");
        }
        return type;
    }

    /** Stores what the request holds. @return the status that overrides that of the instances, 0 for none */
    private int receive(HttpCall call, MediaType contentType, InputStream body, String study, StowResponse response)
            throws Exception {
        try {
            if (contentType.type().equals(MediaType.DICOM.type())) {
                receiveInstance(body, study, response);
            } else {
                receiveParts(
                        new MultipartReader(body, contentType.parameter(MediaType.BOUNDARY)),
                        contentType,
                        study,
                        response);
            }
            return 0;
        } catch (PayloadTooLargeException e) {
            return 413;
        } catch (DicomException e) {
            if (response.isEmpty()) {
                throw e;
            }
            LOG.debug("The rest of a request is not taken: {}", e.getMessage());
            response.failed(StowResponse.Identity.UNKNOWN, e.status());
            return 0;
        } catch (SenderException e) {
            if (call.body().isBroken()) {
                throw e;
            }
            LOG.debug("A request is not well-formed: {}", e.getMessage());
            if (response.isEmpty()) {
                throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, e.getMessage());
            }
            response.cutOff(StowResponse.Identity.UNKNOWN);
            return 0;
        } catch (IOException e) {
            LOG.error("The rest of a request cannot be kept: {}", e.getClass().getName());
            LOG.debug("The failure", e);
            response.failed(StowResponse.Identity.UNKNOWN, DicomStatus.OUT_OF_RESOURCES);
            return 0;
        }
    }

    private void receiveParts(MultipartReader parts, MediaType contentType, String study, StowResponse response)
            throws Exception {
        String declared = contentType.parameter(MediaType.TYPE);
        int count = 0;
        List<DicomException> unread = new ArrayList<>();
        try (MetadataRequest metadata = new MetadataRequest()) {
            for (MultipartReader.Part part = parts.next(); part != null; part = parts.next()) {
                if (++count > endpoint.getMaxParts()) {
                    throw new DicomException(
                            DicomStatus.INVALID_ARGUMENT_VALUE,
                            "The request has more than " + endpoint.getMaxParts() + " parts");
                }
                String header = part.header("Content-Type");
                MediaType type = partType(header != null ? header : declared);
                if (type != null && type.type().equals(MediaType.DICOM.type())) {
                    receiveInstance(part, study, response);
                } else {
                    takeMetadata(metadata, part, type, response, unread);
                }
            }
            metadata.forEach((file, identity, problem) -> {
                if (problem != null) {
                    response.failed(identity, problem.status(), problem.getMessage());
                } else {
                    receiveInstance(file, study, response);
                }
            });
        }
        if (count == 0) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "The request has no part");
        }
        if (response.isEmpty() && !unread.isEmpty()) {
            throw new DicomException(
                    DicomStatus.INVALID_ARGUMENT_VALUE, unread.get(0).getMessage());
        }
        unread.forEach(
                problem -> response.failed(StowResponse.Identity.UNKNOWN, problem.status(), problem.getMessage()));
    }

    /** A part that cannot be read does not touch the others. */
    private static void takeMetadata(
            MetadataRequest metadata,
            MultipartReader.Part part,
            MediaType type,
            StowResponse response,
            List<DicomException> unread)
            throws IOException {
        try {
            if (!metadata.take(part, type)) {
                response.failed(StowResponse.Identity.UNKNOWN, DicomStatus.CANNOT_UNDERSTAND);
            }
        } catch (DicomException e) {
            LOG.debug("A part of metadata is not taken: {}", e.getMessage());
            unread.add(e);
        }
    }

    /** @return {@code null} where it is none; DICOM where none is named */
    private static MediaType partType(String header) {
        try {
            return header == null ? MediaType.DICOM : MediaType.parse(header);
        } catch (DicomException e) {
            return null;
        }
    }

    /** Stores one instance, whatever becomes of it. @throws SenderException where the rest of the request is lost as well */
    private void receiveInstance(InputStream in, String study, StowResponse response) throws Exception {
        StowResponse.Identity identity = StowResponse.Identity.UNKNOWN;
        try (InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
            identity = StowResponse.Identity.of(body.dataSet());
            InstanceCheck.check(body, study);
            answer(identity, body, route(body, Object.class), response);
        } catch (DicomException e) {
            if (e.status() == DicomStatus.OUT_OF_RESOURCES) {
                LOG.warn("An instance is not stored: {}", e.getMessage());
            } else {
                LOG.debug("An instance is not taken: {}", e.getMessage());
            }
            response.failed(identity, e.status(), e.getMessage());
        } catch (SenderException e) {
            response.cutOff(identity);
            throw e;
        } catch (Exception e) {
            // a route that reads the stream itself meets what is wrong with it as the cause of an IOException
            if (e.getCause() instanceof DicomException problem) {
                response.failed(identity, problem.status(), problem.getMessage());
                return;
            }
            LOG.error("An instance is not stored: {}", e.getClass().getName());
            LOG.debug("The failure", e);
            response.failed(identity, DicomStatus.PROCESSING_FAILURE);
        }
    }

    private static void answer(StowResponse.Identity identity, InstanceBody body, Object result, StowResponse response)
            throws DicomException {
        DicomStatus status = InstanceCheck.status(body, result);
        if (status.isFailure()) {
            response.failed(identity, status);
        } else {
            RecordOutcome.Place place = result instanceof RecordOutcome outcome ? outcome.place() : null;
            response.stored(identity.at(place), status);
        }
    }

    private String retrieveUrl(HttpCall call) {
        String address = endpoint.getRetrieveAddress();
        if (address == null) {
            return call.baseUrl();
        }
        return address.startsWith("/") ? call.origin() + address : address;
    }

    private void answer(HttpCall call, int override, MediaType type, StowResponse response) throws IOException {
        int status = override != 0 ? override : response.httpStatus();
        if (status == 503) {
            call.set("Retry-After", "5");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (type.type().equals(MediaType.DICOM_XML.type())) {
            NativeXml.write(response.dataSet(), body, (path, element) -> null);
        } else {
            DicomJson.write(response.dataSet(), body, (path, element) -> null);
        }
        call.send(status, type.type(), body.toByteArray());
    }

    /** Reads what is left of a request, so that the client comes to read the answer; a long rest costs the connection. */
    private static void drain(HttpCall call) throws IOException {
        byte[] chunk = new byte[64 << 10];
        try {
            for (int left = DRAINED_AFTER_FAILURE; left > 0; ) {
                int n = call.body().read(chunk, 0, chunk.length);
                if (n < 0) {
                    return;
                }
                left -= n;
            }
        } catch (IOException e) {
            if (call.body().isBroken()) {
                throw e;
            }
            LOG.debug("The end of a request did not come: {}", e.getMessage());
        }
        call.set("Connection", "close");
    }
}
