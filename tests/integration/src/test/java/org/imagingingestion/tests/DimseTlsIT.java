package org.imagingingestion.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.TlsMaterial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** DIMSE by TLS: who is let in, whom instances are sent to, and keys that are replaced (PS3.15 Annex B). */
class DimseTlsIT {
    @TempDir
    static Path folder;

    private static Identity own;
    private static Identity client;
    private static Identity stranger;
    private static Identity named;
    private static Identity misnamed;
    private static int namedPort;
    private static int misnamedPort;
    private static Path keyStore;
    private static Path trustStore;
    private static ImagingIngestion server;
    private static Dcmtk dcmtk;

    @BeforeAll
    static void start() throws IOException {
        own = Identity.of(folder, "own", "ip:127.0.0.1");
        client = Identity.of(folder, "client", "dns:client");
        stranger = Identity.of(folder, "stranger", "dns:stranger");
        named = Identity.of(folder, "named", "ip:127.0.0.1");
        misnamed = Identity.of(folder, "misnamed", "dns:elsewhere.example.org");
        keyStore = Files.copy(own.keyStore(), folder.resolve("keys"));
        trustStore = Identity.trust(folder.resolve("trusted"), client, named, misnamed);
        namedPort = ImagingIngestion.freePort();
        misnamedPort = ImagingIngestion.freePort();
        server = ImagingIngestion.on(folder.resolve("data"))
                .property("imaging.dimse.tls", "true")
                .property("imaging.dimse.key-store", keyStore.toString())
                .property("imaging.dimse.key-store-password", Identity.PASSWORD)
                .property("imaging.dimse.trust-store", trustStore.toString())
                .property("imaging.dimse.trust-store-password", Identity.PASSWORD)
                .property("imaging.dimse.client-authentication", "REQUIRE")
                .environment(
                        "ENV_AETS_JSON",
                        "[{\"name\":\"NAMED\",\"host\":\"127.0.0.1\",\"tls\":true,\"port\":" + namedPort
                                + "},{\"name\":\"MISNAMED\",\"host\":\"127.0.0.1\",\"tls\":true,\"port\":"
                                + misnamedPort + "}]")
                .start();
        dcmtk = new Dcmtk(folder, server.dimsePort());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** How the programs of dcmtk show who they are, and whom they trust. */
    private static String[] as(Identity identity, Identity trusted, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "+tls",
                identity.key().toString(),
                identity.certificate().toString(),
                "-pw",
                "+cf",
                trusted.certificate().toString()));
        options.addAll(Arrays.asList(more));
        return options.toArray(String[]::new);
    }

    private static DataSet store(String... options) throws IOException {
        DataSet instance = Samples.image(Samples.header(Samples.uid(), Samples.uid()), 512, 512, 1);
        Samples.pixels(instance, Samples.bytes(512 * 512, 1));
        Path file = Files.write(Files.createTempFile(folder, "instance", ".dcm"), Samples.file(instance));
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-xe", "SERVER", file.toString()));
        dcmtk.run("storescu", as(client, own, arguments.toArray(String[]::new)));
        return instance;
    }

    private static void assertKept(DataSet instance) {
        byte[] kept = new DicomwebClient(server.dicomWeb())
                .get(
                        "studies/" + instance.string(Tag.StudyInstanceUID) + "/series/"
                                + instance.string(Tag.SeriesInstanceUID) + "/instances/"
                                + instance.string(Tag.SOPInstanceUID),
                        "application/dicom; transfer-syntax=*")
                .body();
        assertThat(Part10.of(kept).dataSet())
                .isEqualTo(Part10.of(Samples.file(instance)).dataSet());
    }

    @Test
    void takesInstancesOfWhoShowsATrustedCertificate() throws IOException {
        dcmtk.run("echoscu", as(client, own, "SERVER"));
        DataSet instance = store();

        assertKept(instance);
        assertThat(dcmtk.run(
                                "findscu",
                                as(
                                        client,
                                        own,
                                        "-S",
                                        "-X",
                                        "SERVER",
                                        "-k",
                                        "QueryRetrieveLevel=STUDY",
                                        "-k",
                                        "StudyInstanceUID=" + instance.string(Tag.StudyInstanceUID)))
                        .dataSets())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 131072})
    void takesAnyLengthOfPDUs(int length) throws IOException {
        String limit = Integer.toString(length);

        assertKept(store("--max-pdu", limit, "--max-send-pdu", limit));
    }

    @Test
    void refusesWhoShowsNoCertificateOrAStrangeOneOrSpeaksNoTls() {
        assertThat(dcmtk.attempt("echoscu", "+tla", "+cf", own.certificate().toString(), "SERVER")
                        .exitCode())
                .isNotZero();
        assertThat(dcmtk.attempt("echoscu", as(stranger, own, "SERVER")).exitCode())
                .isNotZero();
        assertThat(dcmtk.attempt("echoscu", "SERVER").exitCode()).isNotZero();
        assertThat(server.output()).doesNotContain("Association of ECHOSCU from 127.0.0.1 to DICOM-INGEST ended");
    }

    @Test
    void isNotTakenForWhomItIsNot() {
        assertThat(dcmtk.attempt("echoscu", as(client, stranger, "SERVER")).exitCode())
                .isNotZero();
    }

    @ParameterizedTest
    @CsvSource({"-tls1, false", "-tls1_1, false", "-tls1_2, true", "-tls1_3, true"})
    void speaksTlsFromVersion12On(String version, boolean spoken) {
        Dcmtk.Run run = dcmtk.attempt(
                "openssl",
                "s_client",
                version,
                "-cipher",
                "ALL:@SECLEVEL=0",
                "-cert",
                client.certificate().toString(),
                "-key",
                client.key().toString(),
                "-connect",
                "127.0.0.1:" + server.dimsePort());

        assertThat(run.exitCode() == 0).as(run.output()).isEqualTo(spoken);
    }

    @Test
    void sendsInstancesToWhomTheCertificateNames() throws Exception {
        DataSet instance = store();

        try (Dcmtk.Server storescp = dcmtk.storescp(namedPort, List.of(as(own, named)), as(named, own))) {
            assertThat(move(instance, "NAMED").isSuccess()).isTrue();
            Path received = new Dcmtk.Run(0, "", storescp.folder()).files().get(0);
            assertThat(Part10.of(Files.readAllBytes(received)).dataSet())
                    .isEqualTo(Part10.of(Samples.file(instance)).dataSet());
        }
    }

    @Test
    void sendsNothingToWhomTheCertificateDoesNotName() throws Exception {
        DataSet instance = store();

        try (Dcmtk.Server storescp = dcmtk.storescp(misnamedPort, List.of(as(own, misnamed)), as(misnamed, own))) {
            assertThat(move(instance, "MISNAMED").hex()).isEqualTo("A702H");
            assertThat(new Dcmtk.Run(0, "", storescp.folder()).files()).isEmpty();
        }
    }

    /** movescu speaks no TLS. */
    private static DimseStatus move(DataSet instance, String destination) {
        TlsMaterial tls = new TlsMaterial(
                client.keyStore(),
                Identity.PASSWORD,
                Identity.trust(folder.resolve("trusted by client"), own),
                Identity.PASSWORD);
        try (ServiceClassUser scu = ServiceClassUser.of(
                new Requestor("127.0.0.1", server.dimsePort(), Timeouts.DEFAULT, tls, true),
                "DICOM-INGEST",
                "MOVER",
                List.of(new PresentationContext(
                        1, ServiceClassUser.STUDY_ROOT_MOVE, List.of(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid()))),
                List.of())) {
            return scu.move(instance.string(Tag.StudyInstanceUID), destination);
        }
    }

    @Test
    void takesNewKeysAndCertificatesWhileItRuns() throws IOException {
        Identity newOwn = Identity.of(folder, "new-own", "ip:127.0.0.1");
        Identity newClient = Identity.of(folder, "new-client", "dns:client");
        assertThat(dcmtk.attempt("echoscu", as(newClient, own, "SERVER")).exitCode())
                .isNotZero();
        try {
            replace(newOwn.keyStore(), Identity.trust(folder.resolve("newly trusted"), newClient));

            dcmtk.run("echoscu", as(newClient, newOwn, "SERVER"));
            assertThat(dcmtk.attempt("echoscu", as(client, newOwn, "SERVER")).exitCode())
                    .isNotZero();
            assertThat(dcmtk.attempt("echoscu", as(newClient, own, "SERVER")).exitCode())
                    .isNotZero();
        } finally {
            replace(own.keyStore(), Identity.trust(folder.resolve("trusted again"), client, named, misnamed));
        }
        dcmtk.run("echoscu", as(client, own, "SERVER"));
    }

    @Test
    void goesOnWithTheKeysItHasWhileTheirFileIsAwayOrHalfWritten() throws IOException {
        try {
            Files.delete(keyStore);
            dcmtk.run("echoscu", as(client, own, "SERVER"));
            Files.write(keyStore, new byte[100]);
            dcmtk.run("echoscu", as(client, own, "SERVER"));
        } finally {
            replace(own.keyStore(), trustStore);
        }
        dcmtk.run("echoscu", as(client, own, "SERVER"));
    }

    private static void replace(Path keys, Path trusted) throws IOException {
        Path copy = Files.copy(keys, folder.resolve("keys.new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, keyStore, StandardCopyOption.ATOMIC_MOVE);
        if (!trusted.equals(trustStore)) {
            Files.move(trusted, trustStore, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
