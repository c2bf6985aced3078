package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.BulkDataReference;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;

/**
 * The parts of a request that brings metadata and bulk data apart (PS3.18 §10.5.1.2). Bulk data waits in files of its own
 * until the request is at its end, then each instance is put together.
 */
final class MetadataRequest implements AutoCloseable {
    /** Takes an instance that was put together, or the reason why one was not. */
    @FunctionalInterface
    interface InstanceHandler {
        void handle(InputStream file, StowResponse.Identity identity, DicomException problem) throws Exception;
    }

    /** One part of bulk data. Several of one location are the frames of one image. */
    private record BulkPart(Path file, long length, MediaType type) {}

    private static final long MOST_METADATA = 64L << 20;

    private final List<DataSet> dataSets = new ArrayList<>();
    private final Map<String, List<BulkPart>> bulkParts = new LinkedHashMap<>();
    private long metadataLeft = MOST_METADATA;
    private Path folder;

    /**
     * Takes a part that is metadata or bulk data.
     *
     * @return {@code false} where it is neither
     * @throws DicomException where metadata cannot be read
     * @throws PayloadTooLargeException where all metadata of the request have more than 64 MiB
     */
    boolean take(MultipartReader.Part part, MediaType type) throws IOException, DicomException {
        if (type == null) {
            return false;
        }
        if (type.type().equals(MediaType.DICOM_JSON.type())) {
            Sent json = new Sent(part, metadataLeft);
            DicomJson.readArray(json, dataSets::add);
            metadataLeft -= json.count();
            return true;
        }
        if (type.type().equals(MediaType.DICOM_XML.type())) {
            Sent xml = new Sent(part, metadataLeft);
            dataSets.add(NativeXml.read(xml));
            metadataLeft -= xml.count();
            return true;
        }
        String location = part.header("Content-Location");
        if (location == null || dataSets.isEmpty()) {
            return false;
        }
        Path file = Files.createTempFile(folder(), "part", ".bulk");
        try (OutputStream out = Files.newOutputStream(file)) {
            long length = part.transferTo(out);
            if ((length & 1) != 0) {
                // values have even length (PS3.5 §7.1.1)
                out.write(0);
                length++;
            }
            bulkParts.computeIfAbsent(location, key -> new ArrayList<>()).add(new BulkPart(file, length, type));
        }
        return true;
    }

    private Path folder() throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("stow");
        }
        return folder;
    }

    /** Hands out the instances, one after the other. */
    void forEach(InstanceHandler handler) throws Exception {
        for (DataSet dataSet : dataSets) {
            StowResponse.Identity identity = StowResponse.Identity.of(dataSet);
            Path file = Files.createTempFile(folder(), "instance", ".dcm");
            DicomException problem = null;
            try {
                assemble(dataSet, file);
            } catch (DicomException e) {
                problem = e;
            }
            if (problem != null) {
                handler.handle(null, identity, problem);
            } else {
                try (InputStream in = Files.newInputStream(file)) {
                    handler.handle(in, identity, null);
                }
            }
            Files.delete(file);
        }
    }

    private void assemble(DataSet dataSet, Path file) throws IOException, DicomException {
        List<Path> sources = new ArrayList<>();
        String declared = dataSet.string(Tag.AvailableTransferSyntaxUID, dataSet.string(Tag.TransferSyntaxUID));
        dataSet.remove(Tag.AvailableTransferSyntaxUID);
        for (int tag = Tag.FileMetaInformationGroupLength; tag <= Tag.ImplementationVersionName; tag++) {
            dataSet.remove(tag);
        }
        TransferSyntax syntax = syntax(dataSet, declared);
        resolve(dataSet, syntax, sources);
        DicomWriter writer = new DicomWriter(syntax, (offset, length) -> {
            InputStream in = Files.newInputStream(sources.get((int) (offset >>> 40)));
            in.skipNBytes(offset & (1L << 40) - 1);
            return in;
        });
        try (OutputStream out = Files.newOutputStream(file)) {
            writer.writeFile(dataSet, out);
        }
    }

    /** What the pixel data came in tells the transfer syntax; else Explicit VR Little Endian (PS3.18 §8.7.3). */
    private TransferSyntax syntax(DataSet dataSet, String declared) throws DicomException {
        if (dataSet.get(Tag.PixelData) instanceof BulkDataReference reference) {
            MediaType type = parts(reference).get(0).type();
            String named = type.parameter(MediaType.TRANSFER_SYNTAX);
            if (named != null) {
                return TransferSyntax.of(named);
            }
            if (type.type().equals(MediaType.OCTET_STREAM.type())) {
                return TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
            }
            if (declared == null) {
                throw new DicomException(
                        DicomStatus.TRANSFER_SYNTAX_NOT_SUPPORTED,
                        "Compressed pixel data needs a transfer-syntax parameter or Available Transfer Syntax UID");
            }
            return TransferSyntax.of(declared);
        }
        return TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
    }

    private List<BulkPart> parts(BulkDataReference reference) throws DicomException {
        List<BulkPart> parts = bulkParts.get(reference.uri());
        if (parts == null) {
            throw new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND,
                    "No part of the request has the BulkDataURI of " + Tag.toString(reference.tag()));
        }
        return parts;
    }

    /** Puts the places of the bulk data where references to it stand; the number of the file is in the high bits of a place. */
    private void resolve(DataSet dataSet, TransferSyntax syntax, List<Path> sources) throws DicomException {
        List<Element> elements = new ArrayList<>();
        dataSet.forEach(elements::add);
        for (Element element : elements) {
            if (element instanceof Sequence sequence) {
                for (DataSet item : sequence.items()) {
                    resolve(item, syntax, sources);
                }
            } else if (element instanceof BulkDataReference reference) {
                List<BulkPart> parts = parts(reference);
                if (reference.tag() == Tag.PixelData && syntax.encapsulated()) {
                    Fragments fragments = new Fragments(Tag.PixelData, VR.OB).add(0, 0, new byte[0]);
                    for (BulkPart part : parts) {
                        fragments.add(place(part, sources), part.length(), null);
                    }
                    dataSet.put(fragments);
                } else {
                    BulkPart part = parts.get(0);
                    dataSet.put(new Element.Bulk(
                            reference.tag(), reference.vr(), place(part, sources), part.length(), false));
                }
            }
        }
    }

    private static long place(BulkPart part, List<Path> sources) {
        sources.add(part.file());
        return (long) (sources.size() - 1) << 40;
    }

    @Override
    public void close() throws IOException {
        if (folder != null) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        }
    }
}
