package org.imagingingestion.camel.dimse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;
import org.imagingingestion.dicom.service.InstanceBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The component where Camel is told to use virtual threads, in a JVM that has them. */
class VirtualThreadsIT {
    private static final int IDLE = 2000;
    /** Of Java, of Camel and of its test; one an association would be {@link #IDLE}. */
    private static final int FEW = 100;

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    /** What the JVM runs: it tells its port, then answers each line by the threads and associations that it has. */
    static final class Server {
        public static void main(String[] arguments) throws Exception {
            PrintStream out = System.out;
            try (CamelContext context = new DefaultCamelContext()) {
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("dimse:VIRTUAL?operations=store&host=127.0.0.1&maximumAssociations=" + 2 * IDLE
                                        + "&maximumAssociationsPerHost=" + 2 * IDLE + "&maximumAssociationsPerCaller="
                                        + 2 * IDLE + "&port=" + arguments[0])
                                .process(exchange -> {
                                    exchange.getMessage().getBody(InstanceBody.class).stream()
                                            .transferTo(OutputStream.nullOutputStream());
                                    out.println("served by " + Thread.currentThread());
                                });
                    }
                });
                context.start();
                out.println("started");
                DimseServer server = context.getComponent("dimse", DimseComponent.class)
                        .servers()
                        .iterator()
                        .next();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
                while (in.readLine() != null) {
                    out.println(ManagementFactory.getThreadMXBean().getThreadCount() + " threads, "
                            + server.associations() + " associations");
                }
            }
        }
    }

    private final List<Association> associations = new ArrayList<>();
    private int port;
    private Process process;
    private BufferedReader output;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> java = java();
        assumeTrue(java.isPresent(), "No JDK " + FIRST_WITH_VIRTUAL_THREADS + " or later under " + JVMS);
        port = DimseFixture.freePort();
        process = new ProcessBuilder(
                        java.get().toString(),
                        "-Xmx256m",
                        "-Dcamel.threads.virtual.enabled=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Server.class.getName(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = process.inputReader();
        assertThat(output.lines().anyMatch("started"::equals)).isTrue();
    }

    private static Optional<Path> java() throws IOException {
        try (Stream<Path> jvms = Files.list(JVMS)) {
            return jvms.filter(jvm -> version(jvm.resolve("release")) >= FIRST_WITH_VIRTUAL_THREADS)
                    .map(jvm -> jvm.resolve("bin/java"))
                    .findFirst();
        }
    }

    private static int version(Path release) {
        try {
            Matcher version = VERSION.matcher(Files.exists(release) ? Files.readString(release) : "");
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws Exception {
        associations.forEach(Association::disconnect);
        if (process != null) {
            process.outputWriter().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Association associate() throws IOException {
        Association association = new Requestor("127.0.0.1", port, Timeouts.DEFAULT)
                .associate(new Pdu.AssociateRequest(
                        "VIRTUAL",
                        "TEST",
                        List.of(new PresentationContext(1, DimseFixture.CT, TransferSyntaxes.PLAIN)),
                        UserInformation.of(0)));
        associations.add(association);
        return association;
    }

    private String store(Association association) throws Exception {
        PresentationContext.Accepted context = association.context(DimseFixture.CT);
        DataSet dataSet = new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, DimseFixture.CT)
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.1");
        DimseStatus status = new ServiceUser(association)
                .store(context, "1.2.3", null, DataSetSource.of(dataSet, context.transferSyntax()));
        assertThat(status.code()).as(status::comment).isZero();
        return output.readLine();
    }

    @Test
    void servesEachAssociationByAVirtualThreadAndHoldsManyIdleOnes() throws Exception {
        assertThat(store(associate())).startsWith("served by VirtualThread[");
        while (associations.size() < IDLE) {
            associate();
        }

        assertThat(store(associations.get(0))).startsWith("served by VirtualThread[");
        assertThat(store(associations.get(IDLE - 1))).startsWith("served by VirtualThread[");
        process.outputWriter().write("\n");
        process.outputWriter().flush();
        String[] counts = output.readLine().split("\\D+");
        assertThat(Integer.parseInt(counts[0])).as("platform threads").isLessThan(FEW);
        assertThat(Integer.parseInt(counts[1])).as("associations").isEqualTo(IDLE);
    }
}
