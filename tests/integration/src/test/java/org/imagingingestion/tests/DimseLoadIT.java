package org.imagingingestion.tests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Many associations at once: each is served as if it were alone. */
class DimseLoadIT {
    private static final int STORING = 8;
    private static final int FINDING = 6;
    private static final int GETTING = 6;
    private static final int STORED_BY_EACH = 50;
    private static final int KNOWN = 40;
    private static final int TIMES = 10;

    @TempDir
    Path folder;

    private final Load load = new Load(20261121);
    private final Load known = new Load(4711);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> ends = new ArrayList<>();
    private final CyclicBarrier allAreOpen = new CyclicBarrier(STORING + FINDING + GETTING);

    @Test
    void storesFindsAndGivesOnTwentyAssociationsAtOnce() throws Exception {
        try (ImagingIngestion server = ImagingIngestion.on(folder).start()) {
            int port = server.dimsePort();
            try (ServiceClassUser scu = ServiceClassUser.ofLoad(port)) {
                IntStream.range(0, KNOWN).forEach(number -> known.send(scu, List.of(number)));
            }
            for (int i = 0; i < STORING; i++) {
                int first = i * STORED_BY_EACH;
                begin(() -> ServiceClassUser.ofLoad(port), scu -> IntStream.range(first, first + STORED_BY_EACH)
                        .forEach(number ->
                                assertThat(load.send(scu, List.of(number))).isZero()));
            }
            for (int i = 0; i < FINDING; i++) {
                begin(() -> finding(port), this::find);
            }
            for (int i = 0; i < GETTING; i++) {
                begin(() -> ServiceClassUser.getting(port, List.of(Part10.of(known.file(0)))), this::get);
            }
            for (Future<?> end : ends) {
                end.get(300, TimeUnit.SECONDS);
            }

            assertThat(load.acknowledged()).hasSize(STORING * STORED_BY_EACH);
            new Promise(load, file -> Part10.of(file).dataSet())
                    .assertFound(new DicomwebClient(server.dicomWeb()), load.acknowledged());
        } finally {
            threads.shutdownNow();
        }
    }

    private void begin(Supplier<ServiceClassUser> associates, Consumer<ServiceClassUser> uses) {
        ends.add(threads.submit(() -> {
            try (ServiceClassUser scu = associates.get()) {
                allAreOpen.await(120, TimeUnit.SECONDS);
                uses.accept(scu);
                return null;
            }
        }));
    }

    private static ServiceClassUser finding(int port) {
        return ServiceClassUser.of(
                port,
                "FINDER",
                List.of(ServiceClassUser.STUDY_ROOT_FIND),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid());
    }

    private Set<String> studies() {
        Set<String> studies = new HashSet<>();
        IntStream.range(0, KNOWN).forEach(number -> studies.add(known.study(number)));
        return studies;
    }

    private void find(ServiceClassUser scu) {
        for (int i = 0; i < TIMES; i++) {
            assertThat(scu.find(new DataSet()
                            .setString(Tag.StudyInstanceUID, VR.UI, studies().toArray(String[]::new))
                            .setString(Tag.NumberOfStudyRelatedInstances, VR.IS, "")))
                    .extracting(match -> match.string(Tag.StudyInstanceUID))
                    .containsExactlyInAnyOrderElementsOf(studies());
        }
    }

    private void get(ServiceClassUser scu) {
        for (int i = 0; i < TIMES; i++) {
            Map<String, byte[]> got = scu.get(List.copyOf(studies()));
            assertThat(got).hasSize(KNOWN);
            IntStream.range(0, KNOWN).forEach(number -> assertThat(got.get(known.instance(number)))
                    .isEqualTo(Part10.of(known.file(number)).dataSet()));
        }
    }
}
