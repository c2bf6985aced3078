package org.imagingingestion.camel.dimse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Requests for storage commitment that are kept as files. */
class CommitmentTest extends DimseFixture {
    private static final DataSet REQUEST = new DataSet().setString(Tag.TransactionUID, VR.UI, "1.2.3");

    @Test
    void isReadAsItWasKept() throws Exception {
        Commitment kept = Commitment.keep(folder, "CALLER", "CALLED", "radiology", REQUEST);

        Commitment read = Commitment.read(kept.file());
        assertThat(read).usingRecursiveComparison().ignoringFields("request").isEqualTo(kept);
        assertThat(read.request().string(Tag.TransactionUID)).isEqualTo("1.2.3");
        assertThat(folder).isDirectoryContaining(Commitment::isOne);
    }

    @Test
    void forgetsWhatAProcessHasLeftThatWasKilledWhileItKeptOne() throws Exception {
        Path requests = Files.createDirectory(folder.resolve("requests"));
        Path stale = Files.writeString(requests.resolve("1-a.commitment.new"), "CALL");
        Files.setLastModifiedTime(stale, FileTime.from(Instant.now().minus(2, ChronoUnit.MINUTES)));
        Path young = Files.writeString(requests.resolve("2-b.commitment.new"), "CALL");
        Path kept = Commitment.keep(requests, "UNREACHED", "OTHER", "radiology", REQUEST)
                .file();

        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("dimse:KEEPER?operations=commit&commitmentFolder=" + requests)
                        .to("log:kept");
            }
        });

        await().until(() -> Files.notExists(stale));
        assertThat(young).exists();
        assertThat(kept).exists();
    }
}
