package org.imagingingestion.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Gives every reader inputs that were good until they were changed at random: what the fuzz tests do, without their time. */
class MutationTest {
    private static final Path INPUTS = Path.of("src/test/resources/org/imagingingestion/dicom");
    private static final int LONGEST = 6 << 10;

    @FunctionalInterface
    private interface Target {
        void take(byte[] bytes) throws Exception;
    }

    @Test
    void readersOfDataSetsTakeAnything() throws Exception {
        List<byte[]> seeds = seeds("DicomParserFuzzTestInputs");
        for (Path file : PydicomFiles.all()) {
            seeds.add(start(file));
        }
        mutate(seeds, 6_000, FuzzTargets::dicom);
        mutate(seeds, 6_000, FuzzTargets::dicomInPieces);
    }

    @Test
    void readersOfJSONTakeAnything() throws Exception {
        mutate(seeds("DicomJsonFuzzTestInputs"), 10_000, FuzzTargets::json);
    }

    @Test
    void readersOfXMLTakeAnything() throws Exception {
        mutate(seeds("NativeXmlFuzzTestInputs"), 5_000, FuzzTargets::xml);
    }

    @Test
    void decodersOfTextTakeAnything() throws Exception {
        mutate(seeds("CharacterSetFuzzTestInputs"), 10_000, FuzzTargets::text);
    }

    private static List<byte[]> seeds(String folder) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.walk(INPUTS.resolve(folder))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                seeds.add(start(file));
            }
        }
        assertThat(seeds).isNotEmpty();
        return seeds;
    }

    private static byte[] start(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes;
    }

    private static void mutate(List<byte[]> seeds, int times, Target target) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < times; i++) {
            byte[] input = mutated(seeds.get(i % seeds.size()), seeds, random);
            try {
                target.take(input);
            } catch (Exception | Error e) {
                Path kept = Files.write(Path.of("target", "mutation-" + seed + "-" + i), input);
                throw new AssertionError("Fails for what is kept in " + kept, e);
            }
        }
    }

    private static byte[] mutated(byte[] original, List<byte[]> seeds, Random random) {
        byte[] bytes = original.clone();
        for (int n = random.nextInt(4); n >= 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + random.nextInt(16)), new byte[0]);
                case 4 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    int from = random.nextInt(other.length + 1);
                    int to = Math.min(other.length, from + random.nextInt(64));
                    bytes = spliced(bytes, at, at, Arrays.copyOfRange(other, from, to));
                }
                default -> Arrays.fill(
                        bytes, at, Math.min(bytes.length, at + 4), (byte) (random.nextBoolean() ? -1 : 0));
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] insert) {
        byte[] spliced = new byte[bytes.length - (to - from) + insert.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(insert, 0, spliced, from, insert.length);
        System.arraycopy(bytes, to, spliced, from + insert.length, bytes.length - to);
        return spliced;
    }
}
