package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomFile;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.net.Suboperations;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoreResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Consumers and producers of the component, talking to each other. */
class DimseComponentTest {
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    private record Received(byte[] file, Map<String, Object> headers) {}

    private static final byte[] PIXELS = new byte[100_000];

    static {
        new Random(1).nextBytes(PIXELS);
    }

    @TempDir
    Path folder;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<Query> queries = new CopyOnWriteArrayList<>();
    private final List<KeptInstance> kept = new ArrayList<>();
    private CamelContext context;
    private ProducerTemplate template;
    private int port;
    private volatile DicomException refusal;
    private volatile int closed;

    @BeforeEach
    void start() throws Exception {
        port = freePort();
        context = new DefaultCamelContext();
        String registry = "[{\"name\":\"DEST\",\"host\":\"127.0.0.1\",\"port\":" + port
                + "},{\"name\":\"PLAIN\",\"host\":\"127.0.0.1\",\"port\":" + port
                + "},{\"name\":\"SCANNER\",\"provider\":\"radiology\"}]";
        DimseConfiguration options =
                context.getComponent("dimse", DimseComponent.class).getConfiguration();
        options.setHost("127.0.0.1");
        options.setPort(port);
        options.setAeRegistry(registry);
        options.setRetryDelay(20);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("dimse:ARCHIVE?operations=store").process(exchange -> receive(exchange));
                from("dimse:DEST?operations=store").process(exchange -> receive(exchange));
                from("dimse:PLAIN?operations=store&transferSyntaxes=1.2.840.10008.1.2")
                        .process(exchange -> receive(exchange));
                from("dimse:ROUTER?operations=store").to("dimse:DEST?callingAE=ROUTER");
                from("dimse:ROUTER?operations=find").to("dimse:ARCHIVE@127.0.0.1:" + port + "?operation=find");
                from("dimse:ARCHIVE?operations=find&pageSize=2").process(exchange -> search(exchange));
                from("dimse:LAZY?operations=find")
                        .process(exchange -> exchange.getMessage().setBody(new Endless()));
                from("direct:ingest").process(exchange -> receive(exchange));
                from("dimse:ARCHIVE?operations=commit&commitmentFolder=" + folder.resolve("commitment"))
                        .process(exchange -> exchange.getMessage()
                                .setBody(new RetrievalResult(
                                        null,
                                        List.of(new InstanceLocation(
                                                "1.2.3", "1.2.3.4", "1.1", CT, "", "", 0, new byte[0], null)),
                                        List.of(),
                                        (name, offset, length) -> InputStream.nullInputStream())));
                from("dimse:ARCHIVE?operations=move,get").process(exchange -> {
                    queries.add(exchange.getMessage().getBody(Query.class));
                    exchange.getMessage().setBody(kept);
                });
            }
        });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void receive(Exchange exchange) throws Exception {
        if (refusal != null) {
            DicomException problem = refusal;
            refusal = null;
            throw problem;
        }
        InstanceBody body = exchange.getMessage().getBody(InstanceBody.class);
        received.add(new Received(
                body.stream().readAllBytes(), Map.copyOf(exchange.getMessage().getHeaders())));
        exchange.getMessage().setBody(new RecordOutcome(RecordOutcome.Kind.ADDED, null));
    }

    /** Five matches, in pages. */
    private void search(Exchange exchange) {
        Query query = exchange.getMessage().getBody(Query.class);
        queries.add(query);
        List<byte[]> matches = new ArrayList<>();
        for (int i = query.offset(); i < Math.min(5, query.offset() + query.limit()); i++) {
            matches.add(("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P" + i + "\"]},"
                            + "\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/1\"]}}")
                    .getBytes());
        }
        exchange.getMessage().setBody(new QueryResult(matches, query.offset() + query.limit() < 5));
    }

    private final class Endless implements Iterator<DataSet>, AutoCloseable {
        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public DataSet next() {
            return new DataSet().setString(Tag.PatientID, VR.LO, "P");
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private String archive(String options) {
        return "dimse:ARCHIVE@127.0.0.1:" + port + "?callingAE=TEST&" + options;
    }

    private static byte[] file(String uid, TransferSyntax syntax) {
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, CT)
                .setString(Tag.SOPInstanceUID, VR.UI, uid)
                .setString(Tag.PatientName, VR.PN, "Doe^Jane")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4")
                .setInt(Tag.BitsAllocated, VR.US, 16)
                .setBytes(Tag.PixelData, VR.OW, PIXELS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new DicomWriter(syntax).writeFile(dataSet, out);
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] file(String uid) {
        return file(uid, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    private Exchange send(String uri, Object body, Map<String, Object> headers) {
        Exchange exchange = template.request(uri, request -> {
            request.getMessage().setBody(body);
            request.getMessage().setHeaders(headers);
        });
        if (exchange.getException() != null) {
            throw new CamelExecutionException("failed", exchange, exchange.getException());
        }
        return exchange;
    }

    @Test
    void echoes() {
        Exchange exchange = send(archive("operation=echo"), "as it was", Map.of());

        assertThat(exchange.getMessage().getHeader(DimseConstants.STATUS)).isEqualTo(0);
        assertThat(exchange.getMessage().getBody()).isEqualTo("as it was");
    }

    @Test
    void storesWhatComesInWhicheverForm() throws Exception {
        byte[] file = file("1.2.3.4.5");
        Path path = Files.write(folder.resolve("a.dcm"), file);
        for (Object body : List.of(file, path, path.toFile(), Files.newInputStream(path))) {
            send(archive("operation=store"), body, Map.of());
        }

        assertThat(received).hasSize(4).allSatisfy(each -> {
            assertThat(each.file()).isEqualTo(file);
            assertThat(each.headers())
                    .containsEntry(DimseConstants.COMMAND, "C-STORE")
                    .containsEntry(DimseConstants.CALLING_AE_TITLE, "TEST")
                    .containsEntry(DimseConstants.CALLED_AE_TITLE, "ARCHIVE")
                    .containsEntry(DimseConstants.SOP_CLASS_UID, CT)
                    .containsEntry(DimseConstants.SOP_INSTANCE_UID, "1.2.3.4.5");
        });
        assertThat(server().statistics().accepted()).as("associations").isEqualTo(1);
    }

    private DimseServer server() {
        return context.getComponent("dimse", DimseComponent.class)
                .servers()
                .iterator()
                .next();
    }

    @Test
    void tellsWhatBecameOfEachOfSeveral() {
        StoreResult result = send(
                        archive("operation=store"),
                        List.of(file("1.1"), new byte[200], file("1.2", TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)),
                        Map.of())
                .getMessage()
                .getBody(StoreResult.class);

        assertThat(result.instances()).extracting(StoreResult.Instance::stored).containsExactly(false, true, true);
        assertThat(result.isComplete()).isFalse();
        assertThat(received).hasSize(2);
    }

    @Test
    void failsWhereThePeerDoesNotTakeAnInstance() {
        refusal = new DicomException(DicomStatus.DUPLICATE_SOP_INSTANCE, "It is there");

        assertThatThrownBy(() -> send(archive("operation=store"), file("1.2"), Map.of()))
                .cause()
                .isInstanceOfSatisfying(FailedStatusException.class, e -> {
                    assertThat(e.status()).isEqualTo(DicomStatus.DUPLICATE_SOP_INSTANCE);
                    assertThat(e).hasMessageContaining("0111H");
                    assertThat(e.answer().comment()).isEqualTo("It is there");
                });
    }

    @Test
    void triesAgainWhereThePeerIsOutOfResources() {
        refusal = new DicomException(DicomStatus.OUT_OF_RESOURCES, "Later");

        send(archive("operation=store"), file("1.2"), Map.of());

        assertThat(received).hasSize(1);
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int nobody = freePort();

        assertThatThrownBy(() -> send("dimse:X@127.0.0.1:" + nobody + "?operation=echo", "", Map.of()))
                .cause()
                .hasMessageContaining("No connection to 127.0.0.1:" + nobody);
    }

    private static DataSet identifier() {
        return new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3", "1.2.4")
                .setString(Tag.PatientName, VR.PN, "Doe*")
                .setString(Tag.PatientID, VR.LO);
    }

    @Test
    void givesMatchesPageByPage() {
        List<String> ids = find(archive("operation=find"));

        assertThat(ids).containsExactly("P0", "P1", "P2", "P3", "P4");
        Query first = queries.get(0);
        assertThat(first.level()).isEqualTo(QueryLevel.STUDY);
        assertThat(first.provider()).isEqualTo("default");
        assertThat(first.keys()).extracting(key -> key.tag()).containsExactly(Tag.PatientName, Tag.StudyInstanceUID);
        assertThat(first.keys().get(1).values()).containsExactly("1.2.3", "1.2.4");
        assertThat(queries).extracting(Query::offset).contains(0, 2, 4);
    }

    /** What a route that reads all matches finds. */
    private List<String> find(String uri) {
        List<String> ids = new ArrayList<>();
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:find" + uri.hashCode()).to(uri).process(exchange -> exchange.getMessage()
                            .getBody(Iterator.class)
                            .forEachRemaining(match -> ids.add(((DataSet) match).string(Tag.PatientID))));
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        send("direct:find" + uri.hashCode(), identifier(), Map.of());
        return ids;
    }

    @Test
    void cancelsASearchThatIsNotReadToItsEnd() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:first")
                        .to("dimse:LAZY@127.0.0.1:" + port + "?operation=find")
                        .process(exchange -> {
                            Iterator<?> matches = exchange.getMessage().getBody(Iterator.class);
                            matches.next();
                            exchange.getMessage().setBody(((DataSet) matches.next()).string(Tag.PatientID));
                        });
            }
        });

        assertThat(send("direct:first", identifier(), Map.of()).getMessage().getBody())
                .isEqualTo("P");
        await().until(() -> closed == 1);
        assertThat(send("direct:first", identifier(), Map.of()).getMessage().getBody())
                .isEqualTo("P");
        assertThat(server().statistics().accepted()).as("associations").isEqualTo(1);
    }

    private KeptInstance source(String uid, TransferSyntax syntax) {
        byte[] file = file(uid, syntax);
        return new KeptInstance() {
            @Override
            public String sopClassUID() {
                return CT;
            }

            @Override
            public String sopInstanceUID() {
                return uid;
            }

            @Override
            public String transferSyntaxUID() {
                return syntax.uid();
            }

            @Override
            public InputStream open() throws IOException {
                if (uid.equals("1.9")) {
                    throw new IOException("It is gone");
                }
                return new ByteArrayInputStream(file);
            }
        };
    }

    private Suboperations move(String destination) {
        return send(archive("operation=move"), identifier(), Map.of(DimseConstants.MOVE_DESTINATION, destination))
                .getMessage()
                .getBody(Suboperations.class);
    }

    @Test
    void movesWhatTheRouteFinds() {
        kept.add(source("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.2", TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.3", TransferSyntax.EXPLICIT_VR_BIG_ENDIAN));

        assertThat(move("DEST")).isEqualTo(new Suboperations(-1, 3, 0, 0));
        assertThat(received).hasSize(3);
        assertThat(received.get(0).headers())
                .containsEntry(DimseConstants.CALLED_AE_TITLE, "DEST")
                .containsEntry(DimseConstants.CALLING_AE_TITLE, "ARCHIVE")
                .containsEntry(DimseConstants.MOVE_ORIGINATOR, "TEST");
        assertThat(queries.get(0).level()).isEqualTo(QueryLevel.IMAGE);
        assertThat(queries.get(0).keys()).hasSize(1);
    }

    @Test
    void writesInstancesAnewForWhomTakesNoOtherTransferSyntax() throws Exception {
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            kept.add(source("1." + kept.size(), syntax));
        }

        assertThat(move("PLAIN")).isEqualTo(new Suboperations(-1, 3, 0, 0));
        assertThat(received).hasSize(3);
        for (Received each : received) {
            try (InputStream in = new ByteArrayInputStream(each.file())) {
                DicomFile file = DicomReader.read(in, ParseLimits.WHOLE);
                assertThat(file.transferSyntax()).isEqualTo(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
                assertThat(file.dataSet().bytes(Tag.PixelData)).isEqualTo(PIXELS);
                assertThat(file.dataSet().integer(Tag.BitsAllocated, 0)).isEqualTo(16);
            }
        }
    }

    @Test
    void passesOnWhatItTakes() {
        send("dimse:ROUTER@127.0.0.1:" + port, file("1.2"), Map.of());

        assertThat(received).hasSize(1);
        assertThat(received.get(0).headers()).containsEntry(DimseConstants.CALLED_AE_TITLE, "DEST");
    }

    @Test
    void passesOnSearches() {
        assertThat(find("dimse:ROUTER@127.0.0.1:" + port + "?operation=find"))
                .containsExactly("P0", "P1", "P2", "P3", "P4");
    }

    @Test
    void answersAFailureOfAnotherPeerAndGoesOn() throws Exception {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody.close();
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("dimse:LOST?operations=store")
                            .to("dimse:X@127.0.0.1:" + nobody.getLocalPort() + "?maximumRetries=0");
                }
            });
        }
        String lost = "dimse:LOST@127.0.0.1:" + port + "?maximumRetries=0";
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> send(lost, file("1.2"), Map.of()))
                    .cause()
                    .isInstanceOfSatisfying(
                            FailedStatusException.class,
                            e -> assertThat(e.answer().code()).isEqualTo(0x0110));
        }
        assertThat(server().statistics().answers())
                .containsEntry(new DimseStatistics.Answer(CommandField.C_STORE, CT, "IMAGINGESTION", 0x0110), 2L);
        assertThat(server().statistics().aborted()).isZero();
    }

    @Test
    void tellsTheRouteWhoseInstancesTheseAre() {
        send("dimse:ARCHIVE@127.0.0.1:" + port + "?callingAE=SCANNER", file("1.2"), Map.of());
        send(archive("operation=store"), file("1.3"), Map.of());

        assertThat(received.get(0).headers()).containsEntry(ServiceHeaders.PROVIDER, "radiology");
        assertThat(received.get(1).headers()).doesNotContainKey(ServiceHeaders.PROVIDER);
    }

    @Test
    void doesNotRetrieveByWhatMatchesAnything() {
        for (DataSet identifier : List.of(
                identifier().setString(Tag.StudyInstanceUID, VR.UI, "*"),
                identifier().setBytes(Tag.StudyInstanceUID, VR.UI, new byte[2]),
                identifier()
                        .setString(Tag.QueryRetrieveLevel, VR.CS, "PATIENT")
                        .setString(Tag.PatientID, VR.LO, "A*"))) {
            assertThatThrownBy(() -> send(
                            archive("operation=move"),
                            identifier,
                            Map.of(
                                    DimseConstants.MOVE_DESTINATION,
                                    "DEST",
                                    DimseConstants.SOP_CLASS_UID,
                                    DimseOperation.MOVE.sopClasses().get(0))))
                    .cause()
                    .isInstanceOfSatisfying(
                            FailedStatusException.class,
                            e -> assertThat(e.answer().code()).isEqualTo(0xA900));
        }
        assertThat(queries).isEmpty();
    }

    @Test
    void answersAContextWithItsOwnOperationsOnly() throws Exception {
        String verification = DimseOperation.ECHO.sopClasses().get(0);
        try (Association association = new Requestor("127.0.0.1", port, Timeouts.DEFAULT)
                .associate(new Pdu.AssociateRequest(
                        "ARCHIVE",
                        "TEST",
                        List.of(new PresentationContext(1, verification, TransferSyntaxes.PLAIN)),
                        UserInformation.of(0)))) {
            PresentationContext.Accepted context = association.context(verification);
            for (CommandField field : List.of(CommandField.C_STORE, CommandField.C_FIND, CommandField.C_GET)) {
                Command command = Command.request(field, CT).withSOPInstanceUID("1.2");
                DimseStatus status = new ServiceUser(association)
                        .ask(context, command, DataSetSource.of(identifier(), context.transferSyntax()))
                        .status();
                assertThat(status.code()).isEqualTo(0x0122);
            }
        }
        assertThat(received).isEmpty();
    }

    @Test
    void releasesAssociationsThatAreNotUsed() {
        send(archive("operation=store&pooledIdleTime=100"), file("1.2"), Map.of());
        send(archive("operation=echo&pooledIdleTime=100"), "", Map.of());

        await().until(() -> server().associations() == 0);
        assertThat(server().statistics().aborted()).isZero();
    }

    @Test
    void countsWhatCannotBeMoved() {
        kept.add(source("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.9", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.2", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));

        assertThat(move("DEST")).isEqualTo(new Suboperations(-1, 2, 1, 0));
    }

    @Test
    void fetchesWhatThePeerHas() {
        kept.add(source("1.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.9", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        kept.add(source("1.2", TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));

        Exchange exchange = send(archive("operation=get&instances=direct:ingest"), identifier(), Map.of());

        assertThat(exchange.getMessage().getBody()).isEqualTo(new Suboperations(-1, 2, 1, 0));
    }

    @Test
    void asksWhichInstancesAreKept() {
        DataSet request = new DataSet()
                .setItems(
                        Tag.ReferencedSOPSequence, reference(CT, "1.1"), reference(CT, "1.2"), reference("1.3", "1.1"));

        DataSet result = send(archive("operation=commit"), request, Map.of())
                .getMessage()
                .getBody(DataSet.class);

        assertThat(result.items(Tag.ReferencedSOPSequence))
                .extracting(item -> item.string(Tag.ReferencedSOPInstanceUID))
                .containsExactly("1.1");
        assertThat(result.items(Tag.FailedSOPSequence))
                .extracting(item -> item.integer(Tag.FailureReason, 0))
                .containsExactly(0x0112, 0x0119);
        assertThat(result.string(Tag.TransactionUID)).isEqualTo(request.string(Tag.TransactionUID));
        await().untilAsserted(() -> assertThat(folder.resolve("commitment")).isEmptyDirectory());
    }

    private static DataSet reference(String sopClass, String uid) {
        return new DataSet()
                .setString(Tag.ReferencedSOPClassUID, VR.UI, sopClass)
                .setString(Tag.ReferencedSOPInstanceUID, VR.UI, uid);
    }

    @Test
    void doesNotMoveToWhomItDoesNotKnow() {
        assertThatThrownBy(() -> move("NOBODY"))
                .cause()
                .isInstanceOfSatisfying(
                        FailedStatusException.class,
                        e -> assertThat(e.answer().code()).isEqualTo(0xA801));
    }

    @Test
    void doesNotOfferWhatNoRouteTakes() {
        assertThatThrownBy(() -> send("dimse:DEST@127.0.0.1:" + port + "?operation=find", identifier(), Map.of()))
                .cause()
                .hasMessageContaining("does not take SOP class");
    }

    @Test
    void saysThatTwoRoutesTakeTheSame() {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("dimse:ARCHIVE?operations=store&pageSize=7").to("log:twice");
                    }
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Two endpoints take STORE for ARCHIVE on port " + port);
    }

    @Test
    void closesThePortAfterTheLastRoute() throws Exception {
        context.stop();

        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }
}
