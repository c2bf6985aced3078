package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.service.BulkIndex.BulkValue;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

/** Gives the values that metadata refer to by a BulkDataURI (PS3.18 §10.4.1.1.5). */
final class WadoBulkdata {
    private static final int PREFIX = 7;
    private static final String ENCAPSULATED_DOCUMENT = Tag.toHexString(Tag.EncapsulatedDocument);
    private static final String PIXEL_DATA = Tag.toHexString(Tag.PixelData);
    /** What a browser shows, and no more; other documents must not act on behalf of this server. */
    private static final Pattern HARMLESS = Pattern.compile("application/(pdf|octet-stream)|image/(jpeg|png)|video/.*");

    private final WadoConsumer consumer;
    private final WadoFrames wadoFrames;

    WadoBulkdata(WadoConsumer consumer, WadoFrames wadoFrames) {
        this.consumer = consumer;
        this.wadoFrames = wadoFrames;
    }

    void answer(HttpCall call) throws Exception {
        InstancePath path = InstancePath.of(call.path());
        RetrievalResult result = consumer.locate(path);
        InstanceLocation location = result.locations().get(0);
        Frames frames = new Frames(location, result.objects());
        String valuePath =
                String.join("/", call.path().subList(PREFIX, call.path().size()));
        BulkValue value = frames.find(valuePath);
        if (value == null) {
            throw new DicomException(DicomStatus.NO_SUCH_OBJECT_INSTANCE, "The instance has no bulk data there");
        }
        boolean oneStream = PixelMediaTypes.isVideo(location.transferSyntaxUID()) || frames.count() == 1;
        if (value.encapsulated() && !oneStream) {
            wadoFrames.answerAll(call, location, frames);
            return;
        }
        List<Offer> types = value.encapsulated() ? frames.offers() : types(path, valuePath);
        send(call, location, types, frames.value(value));
    }

    private void send(HttpCall call, InstanceLocation location, List<Offer> types, Payload payload) throws Exception {
        List<Offer> offers = new ArrayList<>(types);
        types.forEach(type -> offers.add(new Offer(type.mediaType().inMultipart(), type.onlyByName())));
        MediaType chosen =
                Negotiation.choose(Negotiation.accepted(call), offers).mediaType();
        MediaType partType = chosen.isMultipart() ? chosen.partType() : chosen;
        PayloadSender sender =
                new PayloadSender(call, EntityTag.of(location.sha256(), EntityTag.representation(chosen)));
        if (sender.isNotModified()) {
            return;
        }
        call.set("X-Content-Type-Options", "nosniff");
        if (!HARMLESS.matcher(partType.type()).matches()) {
            call.set("Content-Security-Policy", "default-src 'none'; sandbox");
        }
        if (chosen.isMultipart()) {
            String address = call.baseUrl() + "/" + String.join("/", call.path());
            Multipart multipart = new Multipart(MediaType.of(partType.type()), EntityTag.boundary(location.sha256()))
                    .add(partType, address, payload);
            sender.send(200, multipart.contentType(), multipart.payload());
        } else {
            sender.sendRange(chosen.toString(), payload);
        }
    }

    private List<Offer> types(InstancePath path, String valuePath) throws Exception {
        List<Offer> types = new ArrayList<>();
        if (valuePath.equals(ENCAPSULATED_DOCUMENT)) {
            MediaType document = documentType(path);
            if (document != null && !document.equals(MediaType.OCTET_STREAM)) {
                types.add(Offer.of(document));
            }
        }
        boolean pixels = valuePath.equals(PIXEL_DATA);
        types.add(Offer.of(
                pixels
                        ? MediaType.OCTET_STREAM.with(
                                MediaType.TRANSFER_SYNTAX, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid())
                        : MediaType.OCTET_STREAM));
        return types;
    }

    /** The MIME Type of Encapsulated Document, {@code null} where there is none that can be given. */
    private MediaType documentType(InstancePath path) throws Exception {
        RetrievalResult result = consumer.retrieve(path, Retrieval.Content.METADATA);
        if (result.metadata().isEmpty()) {
            return null;
        }
        byte[] json = new PreparedJson(result.metadata().subList(0, 1), "").document(0);
        try {
            DataSet dataSet = DicomJson.read(new ByteArrayInputStream(json));
            String named = dataSet.string(Tag.MIMETypeOfEncapsulatedDocument);
            MediaType type = named == null ? null : MediaType.parse(named);
            return type == null || type.isMultipart() || type.type().contains("*") ? null : MediaType.of(type.type());
        } catch (DicomException e) {
            return null;
        }
    }
}
