package org.imagingingestion.camel.instance;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What others read in instances that were de-identified: DCMTK and pydicom. */
class DeidentifiedFilesIT {
    @TempDir
    Path folder;

    @Test
    void dcmtkAndPydicomReadThemAndFindNoPatient() throws Exception {
        int number = 0;
        for (Path original : DeidentifiedFilesTest.instances().toList()) {
            byte[] made = Instances.rewrite(Files.readAllBytes(original), Instances.deidentifier());
            Files.write(folder.resolve(number + ".dcm"), made);
            Files.writeString(folder.resolve(number + ".original"), original.toString());
            number++;
        }
        String dump =
                run("dcmdump", "--load-short", "--scan-directories", "--scan-pattern", "*.dcm", folder.toString());
        assertThat(dump).contains("PatientIdentityRemoved");
        assertThat(run("/usr/bin/python3", "src/test/python/check_deidentified.py", folder.toString()))
                .startsWith(number + " files");
    }

    private String run(String... command) throws Exception {
        File out = folder.resolve("out.txt").toFile();
        File err = folder.resolve("err.txt").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        boolean ended = process.waitFor(300, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended && process.exitValue() == 0)
                .as("%s: %s", List.of(command), Files.readString(err.toPath()))
                .isTrue();
        return new String(Files.readAllBytes(out.toPath()), StandardCharsets.ISO_8859_1);
    }
}
