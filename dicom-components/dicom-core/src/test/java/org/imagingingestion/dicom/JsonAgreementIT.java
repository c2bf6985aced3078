package org.imagingingestion.dicom;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares our JSON of pydicom's test files with that of dcmtk and of pydicom; the script lists what may differ, and why. */
class JsonAgreementIT {
    @TempDir
    Path folder;

    @Test
    void agreesWithDcmtkAndPydicom() throws Exception {
        StringBuilder list = new StringBuilder();
        List<Path> files = PydicomFiles.readable().toList();
        for (int i = 0; i < files.size(); i++) {
            Path json = folder.resolve(i + ".json");
            Path written = folder.resolve(i + ".dcm");
            writeBoth(DicomReader.read(files.get(i)).dataSet(), json, written);
            list.append(files.get(i))
                    .append('\t')
                    .append(json)
                    .append('\t')
                    .append(written)
                    .append('\n');
        }
        Path listFile = Files.writeString(folder.resolve("list"), list);
        assertThat(PydicomFiles.run("/usr/bin/python3", "src/test/python/compare_json.py", listFile.toString()))
                .isEmpty();
    }

    private static void writeBoth(DataSet dataSet, Path json, Path written) throws Exception {
        if (dataSet.get(Tag.PixelData) instanceof Fragments) {
            // which dcm2json refuses to write
            dataSet.remove(Tag.PixelData);
        }
        try (OutputStream out = Files.newOutputStream(json)) {
            DicomJson.write(dataSet, out, DicomJson.BulkDataUri.NONE);
        }
        try (OutputStream out = Files.newOutputStream(written)) {
            PydicomFiles.writeFile(dataSet, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, out);
        }
    }
}
