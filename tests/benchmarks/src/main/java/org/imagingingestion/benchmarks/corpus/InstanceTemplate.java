package org.imagingingestion.benchmarks.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * One Part 10 file (PS3.10 §7) as header bytes with slots for what differs between instances, and pixel bytes that all
 * share. Making the next instance of a load costs the client a few dozen bytes written.
 */
public final class InstanceTemplate {
    private final ObjectKind kind;
    private final byte[] header;
    private final Slots slots;
    private final ByteBuffer pixels;

    /**
     * Where in the header the differing values begin.
     *
     * @param metaUid the SOP Instance UID in the file meta information
     */
    record Slots(
            int metaUid, int instanceUid, int accession, int name, int patientId, int study, int series, int number) {}

    private InstanceTemplate(ObjectKind kind, byte[] header, Slots slots, ByteBuffer pixels) {
        this.kind = kind;
        this.header = header;
        this.slots = slots;
        this.pixels = pixels;
    }

    /** Builds the template of a kind of object. */
    public static InstanceTemplate of(ObjectKind kind) {
        HeaderWriter writer = new HeaderWriter(kind);
        return new InstanceTemplate(kind, writer.bytes(), writer.slots(), pixels(kind));
    }

    /** The kind of object this makes. */
    public ObjectKind kind() {
        return kind;
    }

    /** The length of the whole file in bytes. */
    public int length() {
        return header.length + pixels.capacity();
    }

    /** Where the data set begins, behind preamble and File Meta Information (PS3.10 §7.1). */
    public int dataSetOffset() {
        int groupLength = 132 + 8;
        return groupLength
                + 4
                + ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(groupLength);
    }

    /** A copy of the header, into which {@link #patch} writes names. */
    public byte[] header() {
        return header.clone();
    }

    /** The pixel data, in a direct buffer of their own position, not to be written to. */
    public ByteBuffer pixels() {
        return pixels.duplicate();
    }

    /** The whole file of one instance. */
    public byte[] file(InstanceName name) {
        byte[] file = new byte[length()];
        ByteBuffer target = ByteBuffer.wrap(file).put(header);
        target.put(pixels());
        patch(target, 0, name);
        return file;
    }

    /**
     * Gives the header another identity.
     *
     * @param target where a copy of the header lies; its position does not matter and is kept
     * @param at     the offset of that copy in the target
     */
    public void patch(ByteBuffer target, int at, InstanceName name) {
        uid(target, at + slots.metaUid, name.study(), name.series(), name.number());
        uid(target, at + slots.instanceUid, name.study(), name.series(), name.number());
        uid(target, at + slots.study, name.study(), 0, 0);
        uid(target, at + slots.series, name.study(), name.series(), 0);
        digits(target, at + slots.patientId + "BENCH-".length(), InstanceName.DIGITS, name.study());
        digits(target, at + slots.accession + "A".length(), InstanceName.DIGITS, name.study());
        digits(target, at + slots.number, HeaderWriter.NUMBER_DIGITS, name.number());
        String family = name.familyName();
        for (int i = 0; i < family.length(); i++) {
            target.put(at + slots.name + i, (byte) family.charAt(i));
        }
    }

    private static void uid(ByteBuffer target, int at, int study, int series, int number) {
        int first = at + InstanceName.ROOT.length();
        digits(target, first, InstanceName.DIGITS, study);
        digits(target, first + InstanceName.DIGITS, InstanceName.DIGITS, series);
        digits(target, first + 2 * InstanceName.DIGITS, InstanceName.DIGITS, number);
    }

    private static void digits(ByteBuffer target, int at, int count, int value) {
        int rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            target.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    private static ByteBuffer pixels(ObjectKind kind) {
        byte[] noise = new byte[kind.frameLength()];
        ByteBuffer pixels = ByteBuffer.allocateDirect(kind.pixelLength());
        SplittableRandom random = new SplittableRandom(42);
        for (int frame = 1; frame <= kind.frames; frame++) {
            random.nextBytes(noise);
            byte[] label = ("frame " + frame).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(label, 0, noise, 0, label.length);
            pixels.put(noise);
        }
        return pixels.flip();
    }
}
