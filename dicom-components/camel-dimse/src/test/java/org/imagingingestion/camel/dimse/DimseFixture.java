package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Fragments;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryResult;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Consumers and producers of the component in one context, and what they are asked and give. */
abstract class DimseFixture {
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    record Received(byte[] file, Map<String, Object> headers) {}

    static final byte[] PIXELS = new byte[100_000];

    static {
        new Random(1).nextBytes(PIXELS);
    }

    @TempDir
    Path folder;

    final List<Received> received = new CopyOnWriteArrayList<>();
    final List<Query> queries = new CopyOnWriteArrayList<>();
    /** Most matches that a search gives, whatever its limit. */
    volatile int mostMatches = Integer.MAX_VALUE;

    final List<KeptInstance> kept = new ArrayList<>();
    CamelContext context;
    ProducerTemplate template;
    int port;
    volatile DicomException refusal;
    volatile int closed;

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

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void receive(Exchange exchange) throws Exception {
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
    void search(Exchange exchange) {
        Query query = exchange.getMessage().getBody(Query.class);
        queries.add(query);
        List<byte[]> matches = new ArrayList<>();
        int end = Math.min(5, query.offset() + Math.min(query.limit(), mostMatches));
        for (int i = query.offset(); i < end; i++) {
            matches.add(("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P" + i + "\"]},"
                            + "\"00081190\":{\"vr\":\"UR\",\"Value\":[\"\u0001/studies/1\"]}}")
                    .getBytes());
        }
        exchange.getMessage().setBody(new QueryResult(matches, end < 5));
    }

    final class Endless implements Iterator<DataSet>, AutoCloseable {
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

    String archive(String options) {
        return "dimse:ARCHIVE@127.0.0.1:" + port + "?callingAE=TEST&" + options;
    }

    /** Its pixel data is a fragment where the transfer syntax encapsulates it. */
    static byte[] file(String uid, TransferSyntax syntax) {
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, CT)
                .setString(Tag.SOPInstanceUID, VR.UI, uid)
                .setString(Tag.PatientName, VR.PN, "Doe^Jane")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4")
                .setInt(Tag.BitsAllocated, VR.US, 16);
        if (syntax.encapsulated()) {
            dataSet.put(
                    new Fragments(Tag.PixelData, VR.OB).add(0, 0, new byte[0]).add(0, PIXELS.length, PIXELS));
        } else {
            dataSet.setBytes(Tag.PixelData, VR.OW, PIXELS);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new DicomWriter(syntax).writeFile(dataSet, out);
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    static byte[] file(String uid) {
        return file(uid, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    Exchange send(String uri, Object body, Map<String, Object> headers) {
        Exchange exchange = template.request(uri, request -> {
            request.getMessage().setBody(body);
            request.getMessage().setHeaders(headers);
        });
        if (exchange.getException() != null) {
            throw new CamelExecutionException("failed", exchange, exchange.getException());
        }
        return exchange;
    }

    DimseServer server() {
        return context.getComponent("dimse", DimseComponent.class)
                .servers()
                .iterator()
                .next();
    }

    static DataSet identifier() {
        return new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3", "1.2.4")
                .setString(Tag.PatientName, VR.PN, "Doe*")
                .setString(Tag.PatientID, VR.LO);
    }

    KeptInstance source(String uid, TransferSyntax syntax) {
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
}
