package org.imagingingestion.camel.instance;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;

/**
 * The element of pixel data that comes first in a stream, without what follows it, which is read to its end. It is the same byte for
 * byte, but for {@link CompressedMetadata} and for its VR where that is missing in a transfer syntax that has one.
 */
final class PixelDataInput extends InputStream {
    private static final int UNDEFINED = -1;
    private static final int LONG_HEADER = 12;
    private static final int CHUNK = 16 << 10;
    private static final Set<VR> VALUES = EnumSet.of(VR.OB, VR.OW, VR.OF, VR.OD, VR.UN);

    private final InputStream in;
    private final TransferSyntax form;
    private byte[] header = new byte[0];
    private int headerTaken;
    private long valueLeft;
    private final CompressedMetadata metadata;
    private boolean inFragments;
    private int fragments;
    private boolean begun;
    private boolean ended;

    PixelDataInput(InputStream in, TransferSyntax form) {
        this.in = in;
        this.form = form;
        metadata = CompressedMetadata.of(form.uid());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (headerTaken == header.length && valueLeft == 0 && !ended) {
            readHeader();
        }
        if (headerTaken < header.length) {
            int n = Math.min(length, header.length - headerTaken);
            System.arraycopy(header, headerTaken, bytes, offset, n);
            headerTaken += n;
            return n;
        }
        if (valueLeft == 0) {
            return -1;
        }
        int n = in.read(bytes, offset, (int) Math.min(length, valueLeft));
        if (n < 0) {
            throw new EOFException("The instance breaks off within its pixel data");
        }
        valueLeft -= n;
        // the first item has offsets (PS3.5 §A.4)
        if (metadata != null && fragments > 1) {
            metadata.erase(bytes, offset, n);
        }
        return n;
    }

    private void readHeader() throws IOException {
        if (inFragments) {
            readFragmentHeader();
        } else if (begun) {
            end();
        } else {
            begun = true;
            readElementHeader();
        }
    }

    private void readElementHeader() throws IOException {
        byte[] next = in.readNBytes(form.explicitVR() ? LONG_HEADER : 8);
        if (next.length < 8 || !Tag.isPixelData(number(next, 0, 2) << 16 | number(next, 2, 2))) {
            if (next.length > 0) {
                checkOrder(next);
            }
            end();
            return;
        }
        VR vr = form.explicitVR() ? VR.ofCode((next[4] & 0xFF) << 8 | next[5] & 0xFF) : VR.OW;
        if (next.length < LONG_HEADER && form.explicitVR() || vr == null || !VALUES.contains(vr)) {
            throw new IOException(new DicomException(
                    DicomStatus.CANNOT_UNDERSTAND, "Pixel data has a VR that pixel data cannot have"));
        }
        int length = number(next, next.length - 4, 4);
        inFragments = length == UNDEFINED;
        give(form.encapsulated() && !form.explicitVR() ? explicit(next) : next);
        valueLeft = inFragments ? 0 : length & 0xFFFFFFFFL;
    }

    /** Where there is no pixel data, nothing that belongs before it, or is it, may come later: it would be lost. */
    private void checkOrder(byte[] read) throws IOException {
        try (DicomParser parser = new DicomParser(form, ParseLimits.STREAMING)) {
            parser.feed(read, 0, read.length);
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                parser.feed(chunk, 0, n);
            }
            parser.finish();
            for (Element element : parser.dataSet()) {
                if (Integer.compareUnsigned(element.tag(), Tag.FloatPixelData) < 0 || Tag.isPixelData(element.tag())) {
                    throw new DicomException(
                            DicomStatus.CANNOT_UNDERSTAND,
                            "Element " + Tag.toString(element.tag()) + " comes after elements that have to follow it");
                }
            }
        } catch (DicomException e) {
            throw new IOException(e);
        }
    }

    /** All encapsulated transfer syntaxes are Explicit VR Little Endian (PS3.5 §A.4). */
    private byte[] explicit(byte[] implicit) {
        byte[] explicit = Arrays.copyOf(implicit, LONG_HEADER);
        explicit[4] = 'O';
        explicit[5] = (byte) (inFragments ? 'B' : 'W');
        explicit[6] = 0;
        explicit[7] = 0;
        System.arraycopy(implicit, 4, explicit, 8, 4);
        return explicit;
    }

    private void readFragmentHeader() throws IOException {
        byte[] next = in.readNBytes(8);
        if (next.length < 8) {
            throw new EOFException("The instance breaks off within its pixel data");
        }
        give(next);
        int tag = number(next, 0, 2) << 16 | number(next, 2, 2);
        inFragments = tag == Tag.Item;
        if (inFragments && ++fragments > 1 && metadata != null) {
            metadata.beginFragment();
        }
        valueLeft = inFragments ? number(next, 4, 4) & 0xFFFFFFFFL : 0;
    }

    private void give(byte[] bytes) {
        header = bytes;
        headerTaken = 0;
    }

    /** The end is read all the same, so that an instance that breaks off there is none. */
    private void end() throws IOException {
        ended = true;
        in.transferTo(OutputStream.nullOutputStream());
    }

    private int number(byte[] bytes, int at, int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number = number << 8 | bytes[form.bigEndian() ? at + i : at + count - 1 - i] & 0xFF;
        }
        return number;
    }
}
