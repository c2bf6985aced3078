package org.imagingingestion.tests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Processes are asked to stop while they are stored to. */
class GracefulStopIT {
    private static final Duration AT_MOST = Duration.ofSeconds(90);
    private static final int SOME = 40;

    @TempDir
    Path folder;

    @Test
    void endsWhatIsStoredByStowAndDimseAndLosesNothing() throws Exception {
        Load byStow = new Load(11);
        Load byDimse = new Load(12);
        try (ImagingIngestion server =
                ImagingIngestion.on(folder.resolve("data")).start()) {
            Load.Running first = byStow.start(server.dicomWeb());
            Load.Running second = byDimse.start(() -> ServiceClassUser.ofLoad(server.dimsePort()));
            awaitSome(byStow, byDimse);
            server.stop();
            first.close();
            second.close();

            assertStoppedWell(server);
            assertThat(server.output()).contains("ended, This side stops");
        }
        assertThat(byStow.answers().keySet()).isSubsetOf(200, 202, 503);
        assertThat(byDimse.answers().keySet()).containsExactly(0);
        try (ImagingIngestion server =
                ImagingIngestion.on(folder.resolve("data")).start()) {
            DicomwebClient client = new DicomwebClient(server.dicomWeb());
            new Promise(byStow).assertFound(client, byStow.acknowledged());
            new Promise(byDimse, bytes -> Part10.of(bytes).dataSet()).assertFound(client, byDimse.acknowledged());
        }
    }

    @Test
    void givesBackTheEventsThatItHasNotProcessed() throws Exception {
        Load load = new Load(13);
        try (DatabaseServer database = DatabaseServer.start(folder.resolve("database"));
                NatsServer nats = NatsServer.start(folder.resolve("nats"));
                ImagingIngestion stow = role("stow", nats).start();
                ImagingIngestion processor =
                        with(database, role("event-processor", nats)).start()) {
            Load.Running running = load.start(stow.dicomWeb());
            awaitSome(load);
            processor.stop();
            int before = load.acknowledged().size();
            await().atMost(AT_MOST).until(() -> load.acknowledged().size() > before + SOME);
            stow.stop();
            running.close();
            assertStoppedWell(processor);
            assertStoppedWell(stow);
            assertThat(load.answers().keySet()).isSubsetOf(200, 202, 503);

            try (ImagingIngestion again =
                            with(database, role("event-processor", nats)).start();
                    ImagingIngestion wado = with(database, role("wado", nats)).start()) {
                Set<Integer> acknowledged = Set.copyOf(load.acknowledged());
                DicomwebClient client = new DicomwebClient(wado.dicomWeb());
                await().atMost(AT_MOST).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> new Promise(load)
                        .assertFound(client, acknowledged));
            }
        }
    }

    private ImagingIngestion.Builder role(String name, NatsServer nats) {
        return ImagingIngestion.on(folder.resolve("data"))
                .jvm("-Xmx256m")
                .environment("ROLE", name)
                .environment("NATS_URL", nats.url());
    }

    private static ImagingIngestion.Builder with(DatabaseServer database, ImagingIngestion.Builder role) {
        return role.environment("DB_HOST", "127.0.0.1")
                .environment("DB_PORT", Integer.toString(database.port()))
                .environment("DB_NAME", "postgres")
                .environment("DB_USER", DatabaseServer.USER)
                .environment("DB_PASS", DatabaseServer.PASSWORD);
    }

    private static void awaitSome(Load... loads) {
        await().atMost(AT_MOST).until(() -> List.of(loads).stream()
                .allMatch(load -> load.acknowledged().size() > SOME));
    }

    private static void assertStoppedWell(ImagingIngestion server) {
        assertThat(server.output() + server.errors()).doesNotContain("ERROR", "\tat ");
    }
}
