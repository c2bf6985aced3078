package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.RetrievalResult;

/** Gives frames, each read by its place in the object (PS3.18 §10.4.1.1.6). */
final class WadoFrames {
    private final WadoConsumer consumer;

    WadoFrames(WadoConsumer consumer) {
        this.consumer = consumer;
    }

    /** Answers {@code frames/{list}}. */
    void answer(HttpCall call) throws Exception {
        RetrievalResult result = consumer.locate(InstancePath.of(call.path()));
        InstanceLocation location = result.locations().get(0);
        Frames frames = new Frames(location, result.objects());
        List<Integer> numbers = FrameList.parse(call.path().get(7), frames.count());
        answer(call, location, frames, numbers);
    }

    /** Answers {@code pixeldata}: all frames (PS3.18 §10.4.1.1.7). */
    void answerAll(HttpCall call) throws Exception {
        RetrievalResult result = consumer.locate(InstancePath.of(call.path()));
        InstanceLocation location = result.locations().get(0);
        answerAll(call, location, new Frames(location, result.objects()));
    }

    void answerAll(HttpCall call, InstanceLocation location, Frames frames) throws Exception {
        if (frames.count() == 0) {
            throw new DicomException(DicomStatus.NO_SUCH_OBJECT_INSTANCE, "The instance has no frames");
        }
        answer(
                call,
                location,
                frames,
                IntStream.rangeClosed(1, frames.count()).boxed().toList());
    }

    private static void answer(HttpCall call, InstanceLocation location, Frames frames, List<Integer> numbers)
            throws Exception {
        MediaType chosen = Negotiation.choose(Negotiation.accepted(call), offers(frames, numbers))
                .mediaType();
        MediaType frameType = chosen.isMultipart() ? chosen.partType() : chosen;
        PayloadSender sender =
                new PayloadSender(call, EntityTag.of(location.sha256(), EntityTag.representation(chosen)));
        if (sender.isNotModified()) {
            return;
        }
        if (!chosen.isMultipart()) {
            sender.sendRange(chosen.toString(), frames.frame(numbers.get(0)));
            return;
        }
        Multipart multipart = new Multipart(MediaType.of(frameType.type()), EntityTag.boundary(location.sha256()));
        for (int number : numbers) {
            multipart.add(frameType, WadoConsumer.url(call, location) + "/frames/" + number, frames.frame(number));
        }
        sender.send(200, multipart.contentType(), multipart.payload());
    }

    private static List<Offer> offers(Frames frames, List<Integer> numbers) {
        List<Offer> offers = new ArrayList<>();
        for (Offer offer : frames.offers()) {
            offers.add(new Offer(offer.mediaType().inMultipart(), offer.onlyByName()));
        }
        if (numbers.size() == 1) {
            offers.addAll(frames.offers());
        }
        return offers;
    }
}
