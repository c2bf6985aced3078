package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;

import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.StoredInstance;

/** Stores an object that is made up while it is stored, and reads it, as a process of its own. */
final class LongObject {
    /** Bytes of the trailing padding that the sample ends with. */
    private static final int PADDING = 14;

    private LongObject() {}

    /** @param arguments class of the test that opens the storage space, port of its server, bytes of the pixel data */
    public static void main(String[] arguments) throws Exception {
        ObjectStorageSpaceContract test = (ObjectStorageSpaceContract)
                Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
        long pixels = Long.parseLong(arguments[2]);
        try (StorageSpace space = test.open(Integer.parseInt(arguments[1]), ObjectStorageSpaceContract.LATE);
                InstanceBody body = InstanceBody.receive(instance(pixels), ParseLimits.STREAMING)) {
            long start = System.nanoTime();
            StoredInstance stored = space.store("default", body);
            long between = System.nanoTime();
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(space.open(stored.objectName(), 0, Long.MAX_VALUE), digest)) {
                long length = in.transferTo(OutputStream.nullOutputStream());
                if (length != stored.length() || length < pixels) {
                    throw new AssertionError(length + " bytes of " + stored.length());
                }
            }
            if (!Arrays.equals(digest.digest(), stored.sha256())) {
                throw new AssertionError("Other bytes came back");
            }
            System.out.printf(
                    "%d bytes, in at %d MB/s, out at %d MB/s%n",
                    stored.length(),
                    stored.length() * 1000 / (between - start),
                    stored.length() * 1000 / (System.nanoTime() - between));
        }
    }

    private static InputStream instance(long pixels) throws Exception {
        byte[] sample = ObjectStorageSpaceContract.file("1.2.3", 0);
        // of its empty pixel data the tag, the VR and the two bytes after it stay
        byte[] header = Arrays.copyOf(sample, sample.length - PADDING);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(header.length - 4, (int) pixels);
        return new SequenceInputStream(new ByteArrayInputStream(header), new Noise(pixels));
    }

    /** Bytes that repeat themselves after no power of two. */
    private static final class Noise extends InputStream {
        private final byte[] pattern = new byte[100_003];
        private long left;
        private int next;

        Noise(long length) {
            left = length;
            new Random(1).nextBytes(pattern);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int n = (int) Math.min(Math.min(length, left), pattern.length - next);
            System.arraycopy(pattern, next, bytes, offset, n);
            next = (next + n) % pattern.length;
            left -= n;
            return n;
        }
    }
}
