package org.imagingingestion.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.load.Get;
import org.imagingingestion.benchmarks.load.LoadResult;
import org.imagingingestion.benchmarks.load.StowLoad;
import org.imagingingestion.benchmarks.load.Studies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SinkIT {
    private static final Duration ENOUGH = Duration.ofSeconds(60);

    @TempDir
    Path work;

    @Test
    void keepsEveryBodyItAcknowledgesInAFileOfItsOwn() throws Exception {
        InstanceTemplate template = InstanceTemplate.of(ObjectKind.TINY);
        try (Server sink = new Servers(work, work, false).sink(Sink.Mode.FSYNC)) {
            LoadResult result = StowLoad.run(sink.port(), "/", template, 1, 4, Studies.range(1, 3), ENOUGH);

            assertThat(result.items()).isEqualTo(200);
            try (Stream<Path> files = Files.list(work.resolve("sink/files"))) {
                List<Path> kept = files.toList();
                assertThat(kept).hasSize(200);
                assertThat(kept).allSatisfy(file -> assertThat(file).hasSize(result.bytes() / 200));
            }
        }
    }

    @Test
    void writesBodiesLargerThanItsBufferWhole() throws Exception {
        InstanceTemplate template = InstanceTemplate.of(ObjectKind.MULTIFRAME);
        try (Server sink = new Servers(work, work, false).sink(Sink.Mode.WRITE)) {
            StowLoad.run(sink.port(), "/", template, 1, 1, Studies.range(1, 2, 2), ENOUGH);

            byte[] kept = Files.readAllBytes(work.resolve("sink/files/2.dcm"));
            byte[] pixels = new byte[1000];
            template.pixels().position(template.kind().pixelLength() - 1000).get(pixels);
            int end = kept.length - "\r\n--2f1c8f0e5a6b4d7c9e3a--\r\n".length();
            assertThat(kept.length).isGreaterThan(template.length());
            assertThat(Arrays.copyOfRange(kept, end - 1000, end)).isEqualTo(pixels);
        }
    }

    @Test
    void leavesNoProcessAndNoFileButItsLogWhenClosed() {
        Server sink = new Servers(work, work, false).sink(Sink.Mode.DISCARD);
        int port = sink.port();
        sink.close();

        assertThat(work.resolve("sink/files")).doesNotExist();
        assertThatThrownBy(() -> Get.of("/", "*/*").send(port)).isInstanceOf(IOException.class);
    }
}
