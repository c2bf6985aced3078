package org.imagingingestion.camel.dicomweb;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

/** Gives studies, series and instances as they are stored (PS3.18 §10.4.1.1.1 to §10.4.1.1.3). */
final class WadoObjects {
    private final WadoConsumer consumer;

    WadoObjects(WadoConsumer consumer) {
        this.consumer = consumer;
    }

    void answer(HttpCall call) throws Exception {
        InstancePath path = InstancePath.of(call.path());
        List<MediaRange> accepted = Negotiation.accepted(call);
        if (path.instance() != null) {
            answerInstance(call, path, accepted);
            return;
        }
        if (!call.headers("If-None-Match").isEmpty()) {
            RetrievalResult state = consumer.retrieve(path, Retrieval.Content.VERSION);
            if (state.version() != null && sender(call, state).isNotModified()) {
                return;
            }
        }
        RetrievalResult result = consumer.locate(path);
        requireAll(accepted, result.locations());
        PayloadSender sender = sender(call, result);
        if (!sender.isNotModified()) {
            Multipart multipart = multipart(call, result, EntityTag.boundary(digests(result)));
            sender.send(200, multipart.contentType(), multipart.payload());
        }
    }

    private static byte[][] digests(RetrievalResult result) {
        return result.locations().stream().map(InstanceLocation::sha256).toArray(byte[][]::new);
    }

    private static PayloadSender sender(HttpCall call, RetrievalResult result) {
        return new PayloadSender(call, EntityTag.of(result.version(), "dicom"));
    }

    private void answerInstance(HttpCall call, InstancePath path, List<MediaRange> accepted) throws Exception {
        RetrievalResult result = consumer.locate(path);
        InstanceLocation location = result.locations().get(0);
        MediaType single = MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, location.transferSyntaxUID());
        MediaType chosen = Negotiation.choose(accepted, Offer.of(single.inMultipart(), single))
                .mediaType();
        PayloadSender sender =
                new PayloadSender(call, EntityTag.of(location.sha256(), chosen.isMultipart() ? "multipart" : "dicom"));
        if (sender.isNotModified()) {
            return;
        }
        if (chosen.isMultipart()) {
            Multipart multipart = multipart(call, result, EntityTag.boundary(location.sha256()));
            sender.send(200, multipart.contentType(), multipart.payload());
        } else {
            sender.sendRange(chosen.toString(), payload(result, location));
        }
    }

    /** Each instance is to be acceptable in the transfer syntax that it has. */
    private static void requireAll(List<MediaRange> accepted, List<InstanceLocation> locations) throws DicomException {
        Set<String> transferSyntaxes = new LinkedHashSet<>();
        locations.forEach(location -> transferSyntaxes.add(location.transferSyntaxUID()));
        List<Offer> offers = transferSyntaxes.stream()
                .map(uid -> Offer.of(
                        MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, uid).inMultipart()))
                .toList();
        if (offers.stream().anyMatch(offer -> offer.quality(accepted) == 0)) {
            throw Negotiation.notAcceptable(offers);
        }
    }

    private static Multipart multipart(HttpCall call, RetrievalResult result, String boundary) {
        Multipart multipart = new Multipart(MediaType.DICOM, boundary);
        for (InstanceLocation location : result.locations()) {
            multipart.add(
                    MediaType.DICOM.with(MediaType.TRANSFER_SYNTAX, location.transferSyntaxUID()),
                    WadoConsumer.url(call, location),
                    payload(result, location));
        }
        return multipart;
    }

    private static Payload payload(RetrievalResult result, InstanceLocation location) {
        return new StoredPayload(result.objects(), location.objectName(), 0, location.length());
    }
}
