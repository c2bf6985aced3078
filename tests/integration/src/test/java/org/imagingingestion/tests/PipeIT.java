package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A Pipe that cannot be run ends the process, which says why. */
class PipeIT {
    @TempDir
    Path folder;

    private String start(String pipe) {
        ImagingIngestion.Failure failure = ImagingIngestion.on(folder.resolve("data"))
                .environment("PIPE", pipe)
                .startInVain();
        assertThat(failure.exitCode()).isEqualTo(1);
        return failure.errors();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: dicom-stow-sink | name: dicom-stove-sink | there is no Kamelet dicom-stove-sink",
                "subscription: archive | subskription: archive | the Kamelet dicom-instance-source has no property \"subskription\"",
                "subscription: archive | {subscription: archive, parallel: many} | has as parallel what is not of type integer",
                "subscription: archive | {subscription: archive, transport: pigeon} | has as transport what is none of [local, nats, knative]",
                "name: dicom-retrieve-action | name: dicom-stow-sink | is of type sink, not action",
                "kind: Pipe | kind: KameletBinding | is camel.apache.org/v1 KameletBinding, not camel.apache.org/v1 Pipe",
                "none: {} | some: {} | has in spec.errorHandler \"some\"",
                "kind: Pipe | kind: [ | is not one document in YAML",
                "steps: | stepps: | has in spec \"stepps\""
            })
    void saysWhatIsWrongInIt(String good, String bad, String message) throws IOException {
        String sample = Files.readString(
                ImagingIngestion.project().resolve("operator-manifests/samples/instance-to-stow.yaml"));
        assertThat(sample).contains(good);
        Path file = Files.writeString(folder.resolve("pipe.yaml"), sample.replaceFirst(Pattern.quote(good), bad));

        assertThat(start(file.toString())).contains(file.toString()).contains(message);
    }

    @Test
    void saysThatItIsNotThere() {
        assertThat(start(folder.resolve("nowhere.yaml").toString())).contains("nowhere.yaml is not there");
        assertThat(start(folder.toString())).contains("is a folder without a file *.yaml");
    }
}
