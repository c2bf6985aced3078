package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** An instance that is many times as long as the memory, in a process of its own. */
class LargeInstanceIT {
    private static final long PIXELS = 4_200_000_000L;
    private static final int VALUE = 20 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"deidentify", "coerce"})
    void passesInAFewMegabytes(String operation) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeInstanceIT.class.getName(),
                        operation)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended && process.exitValue() == 0).isTrue();
    }

    /** Pixel data of more than 4 GB behind a header with a long value in it. */
    public static void main(String[] args) throws Exception {
        InputStream in = new ByteArrayInputStream(Instances.file(Instances.dataSet()));
        in = new SequenceInputStream(in, header(0x5600, 0x0020, 'F', VALUE));
        in = new SequenceInputStream(in, new Zeros(VALUE));
        in = new SequenceInputStream(in, header(0x7FE0, 0x0010, 'W', PIXELS));
        in = new SequenceInputStream(in, new Zeros(PIXELS));
        HeaderChange change =
                args[0].equals("coerce") ? Instances.coercion("set StudyID = 1") : Instances.deidentifier();
        try (InstanceBody source = InstanceBody.receive(in, ParseLimits.STREAMING);
                RewrittenInstance rewritten = RewrittenInstance.of(source, change)) {
            byte[] chunk = new byte[1 << 16];
            long length = 0;
            for (int n = rewritten.body().stream().read(chunk);
                    n >= 0;
                    n = rewritten.body().stream().read(chunk)) {
                length += n;
            }
            boolean changed = rewritten.body().dataSet().string(Tag.StudyID) != null
                    || rewritten.body().dataSet().string(Tag.PatientIdentityRemoved) != null;
            if (!changed || length < PIXELS + VALUE) {
                throw new IllegalStateException("Only " + length + " bytes went through");
            }
        }
    }

    private static InputStream header(int group, int element, char vr, long length) {
        ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) group).putShort((short) element).put((byte) 'O').put((byte) vr);
        header.putShort((short) 0).putInt((int) length);
        return new ByteArrayInputStream(header.array());
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(length, left);
            Arrays.fill(bytes, offset, offset + n, (byte) 0);
            left -= n;
            return n;
        }
    }
}
