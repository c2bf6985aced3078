package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.service.BulkIndex;
import org.imagingingestion.dicom.service.BulkIndex.BulkValue;
import org.imagingingestion.dicom.service.BulkIndex.Range;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.ObjectSource;

/** The frames and long values of one stored object, each found by its place in it. */
final class Frames {
    private final InstanceLocation location;
    private final ObjectSource objects;
    private final BulkIndex index;
    private final boolean deflated;

    Frames(InstanceLocation location, ObjectSource objects) {
        this.location = location;
        this.objects = objects;
        this.index = BulkIndex.decode(location.bulkIndex());
        this.deflated = TransferSyntax.of(location.transferSyntaxUID()).deflated();
    }

    /** How many there are; 0 where the object has no pixel data. */
    int count() {
        return index.numberOfFrames();
    }

    /** What a frame can be given as. */
    List<Offer> offers() {
        return PixelMediaTypes.of(location.transferSyntaxUID(), index.isEncapsulated());
    }

    /**
     * The bytes of a frame: native pixels in little endian, beginning with a byte; compressed ones as they are, without the
     * item tags of their fragments.
     *
     * @param number from 1 to {@link #count()}
     */
    Payload frame(int number) {
        List<Range> ranges = index.frame(number);
        if (index.isEncapsulated()) {
            return joined(ranges);
        }
        BulkValue pixels = index.pixelData();
        Range frame = ranges.get(0);
        long start = frame.offset() - pixels.ranges().get(0).offset();
        Payload bytes = value(pixels).slice(start, frame.length());
        int firstBit = index.frameBitOffset(number);
        boolean wholeBytes = firstBit == 0 && index.frameBits() % 8 == 0;
        return wholeBytes ? bytes : new BitFramePayload(bytes, firstBit, index.frameBits());
    }

    /** A long value, {@code null} where there is none at this path. */
    BulkValue find(String path) {
        return index.value(path);
    }

    /** The bytes of a long value, numbers in little endian; of encapsulated pixel data all fragments in order. */
    Payload value(BulkValue value) {
        Payload bytes = joined(value.ranges());
        boolean swapped = value.bigEndian() && value.vr().unit() > 1;
        return swapped ? new SwappedPayload(bytes, value.vr().unit()) : bytes;
    }

    private Payload joined(List<Range> ranges) {
        List<Payload> payloads = new ArrayList<>(ranges.size());
        for (Range range : ranges) {
            payloads.add(
                    deflated
                            ? new InflatedPayload(
                                    new StoredPayload(objects, location.objectName(), 0, location.length()), range)
                            : new StoredPayload(objects, location.objectName(), range));
        }
        return JoinedPayload.of(payloads);
    }
}
