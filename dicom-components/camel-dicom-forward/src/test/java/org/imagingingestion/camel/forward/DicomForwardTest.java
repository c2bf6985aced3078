package org.imagingingestion.camel.forward;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceFilter;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class DicomForwardTest {
    private static final String SPOOLED = "acknowledgeAtOnce=true&retryDelay=5&maximumRetryDelay=20&";

    @TempDir
    Path folder;

    private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> problems = new ConcurrentLinkedQueue<>();
    private volatile Exception always;
    private CamelContext context;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:archive").process(exchange -> receive(exchange));
            }
        });
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void receive(Exchange exchange) throws Exception {
        Exception problem = problems.poll();
        if (always != null || problem != null) {
            throw problem != null ? problem : always;
        }
        Object body = exchange.getMessage().getBody();
        if (body instanceof InstanceBody passing) {
            received.add(passing.stream().readAllBytes());
        } else {
            try (InputStream in = ((InstanceSource) body).open()) {
                received.add(in.readAllBytes());
            }
        }
    }

    private static byte[] instance(int number) {
        return file(dataSet(number));
    }

    private static DataSet dataSet(int number) {
        return new DataSet()
                .setString(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOPInstanceUID, VR.UI, "1.2." + number)
                .setString(Tag.StudyInstanceUID, VR.UI, "1.1")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.1.1")
                .setString(Tag.PatientName, VR.PN, "Doe^Jane");
    }

    private static byte[] file(DataSet dataSet) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeFile(dataSet, file);
        } catch (IOException | DicomException e) {
            throw new IllegalStateException(e);
        }
        return file.toByteArray();
    }

    private Object send(String options, byte[] file) throws Exception {
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            Exchange exchange = template.send(
                    "dicom-forward:test?" + options + "defaultDestination=RAW(direct:archive?block=false)",
                    sent -> sent.getIn().setBody(body));
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            return exchange.getMessage().getBody();
        }
    }

    private String spool() {
        return "folder=" + folder.resolve("spool") + "&";
    }

    private List<Path> files(String kind) throws IOException {
        Path root = folder.resolve("spool").resolve(kind);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".dcm")).toList();
        }
    }

    private static DicomException refusal(DicomStatus status) {
        return new DicomException(status, "refused");
    }

    private static DicomException busy(long retryAfter) {
        return new DicomException(DicomStatus.OUT_OF_RESOURCES, "busy") {
            @Override
            public long retryAfter() {
                return retryAfter;
            }
        };
    }

    @Test
    void leavesADestinationAloneThatAsksForIt() throws Exception {
        problems.add(busy(1500));
        long start = System.nanoTime();

        send(SPOOLED + spool(), instance(1));

        await().until(() -> received.size() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void refusesASenderWhereTheDestinationAsksForLongerThanItMayWait() {
        problems.add(busy(3_600_000));

        assertThatThrownBy(() -> send("retryDelay=5&maximumRetryDelay=20&maximumRetries=3&" + spool(), instance(1)))
                .hasMessageContaining("busy");
        assertThat(received).isEmpty();
    }

    @Test
    void passesThroughWithoutAFolder() throws Exception {
        send("", instance(1));

        assertThat(received).containsExactly(instance(1));
    }

    @Test
    void tellsTheSenderOfAFailureWithoutAFolder() {
        always = refusal(DicomStatus.NOT_AUTHORIZED);

        assertThatThrownBy(() -> send("", instance(1)))
                .isInstanceOfSatisfying(
                        DicomException.class, e -> assertThat(e.status()).isEqualTo(DicomStatus.NOT_AUTHORIZED));
    }

    @Test
    void triesAgainWhileTheSenderWaits() throws Exception {
        problems.add(new IOException("connection lost"));
        problems.add(refusal(DicomStatus.OUT_OF_RESOURCES));

        Object result = send(spool() + "maximumRetries=2&retryDelay=5&maximumRetryDelay=5&", instance(1));

        assertThat(result).isInstanceOfSatisfying(RecordOutcome.class, outcome -> assertThat(outcome.kind())
                .isEqualTo(RecordOutcome.Kind.ADDED));
        assertThat(received).containsExactly(instance(1));
        assertThat(files("passing")).isEmpty();
    }

    @Test
    void givesUpAfterSoManyAttemptsWhileTheSenderWaits() throws Exception {
        always = refusal(DicomStatus.OUT_OF_RESOURCES);

        assertThatThrownBy(() -> send(spool() + "maximumRetries=2&retryDelay=5&maximumRetryDelay=5&", instance(1)))
                .isInstanceOf(DicomException.class)
                .hasMessage("refused");
        assertThat(files("passing")).isEmpty();
    }

    @Test
    void doesNotTryAgainWhatWillNotSucceed() {
        problems.add(refusal(DicomStatus.DUPLICATE_SOP_INSTANCE));

        assertThatThrownBy(() -> send(spool() + "maximumRetries=2&", instance(1)))
                .hasMessage("refused");
        assertThat(received).isEmpty();
    }

    @Test
    void deliversWhatIsSpooledWhenTheDestinationIsThere() throws Exception {
        always = new IOException("no route to host");

        for (int i = 0; i < 20; i++) {
            assertThat(send(spool() + SPOOLED, instance(i))).isInstanceOf(RecordOutcome.class);
        }
        assertThat(files("waiting")).hasSize(20);
        always = null;

        await().until(() -> received.size() == 20);
        await().until(() -> files("waiting").isEmpty());
        assertThat(statistics())
                .satisfies(each -> assertThat(each.delivered()).isEqualTo(20))
                .satisfies(each -> assertThat(each.waiting()).isZero())
                .satisfies(each -> assertThat(each.failing()).isFalse());
    }

    private ForwardStatistics statistics() {
        return context.getComponent("dicom-forward", DicomForwardComponent.class)
                .statistics()
                .get(0);
    }

    @Test
    void deliversAfterARestartWhatWaited() throws Exception {
        always = new IOException("no route to host");
        send(spool() + SPOOLED, instance(1));
        context.stop();
        always = null;

        start();
        send(spool() + SPOOLED, instance(2));

        await().until(() -> received.size() == 2);
        assertThat(received).containsExactlyInAnyOrder(instance(1), instance(2));
    }

    @Test
    void sendsWhatItAcknowledgedThoughItIsSetOtherwiseNow() throws Exception {
        always = new IOException("no route to host");
        send(spool() + SPOOLED, instance(1));
        context.stop();
        always = null;

        start();
        send(spool(), instance(2));

        await().until(() -> received.size() == 2);
        assertThat(received).containsExactlyInAnyOrder(instance(1), instance(2));
    }

    @Test
    void choosesByAttributesBehindALongValue() throws Exception {
        DataSet image = dataSet(1)
                .setBytes(0x00291010, VR.OB, new byte[100_000])
                .setString(0x00321060, VR.LO, "HEAD")
                .setBytes(Tag.PixelData, VR.OW, new byte[200_000]);
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file(image)), ParseLimits.STREAMING)) {
            assertThat(InstanceFilter.parse("00321060=HEAD").matches(null, null, body.dataSet()))
                    .isTrue();
        }
    }

    @Test
    void putsAsideWhatTheDestinationDoesNotTakeAndGoesOn() throws Exception {
        problems.add(refusal(DicomStatus.CANNOT_UNDERSTAND));
        send(spool() + SPOOLED, instance(1));
        await().until(() -> files("failed").size() == 1);

        send(spool() + SPOOLED, instance(2));

        await().until(() -> received.size() == 1);
        assertThat(received).containsExactly(instance(2));
        assertThat(Files.readAllBytes(files("failed").get(0))).isEqualTo(instance(1));
        assertThat(statistics().putAside()).isEqualTo(1);
    }

    @Test
    void sendsAgainWhatIsMovedBack() throws Exception {
        problems.add(refusal(DicomStatus.CANNOT_UNDERSTAND));
        send(spool() + SPOOLED, instance(1));
        await().until(() -> files("failed").size() == 1);

        Path file = files("failed").get(0);
        Path back = folder.resolve("spool/waiting")
                .resolve(folder.resolve("spool/failed").relativize(file));
        Files.createDirectories(back.getParent());
        Files.move(file, back);

        // the folder is looked at every ten seconds
        await().atMost(Duration.ofSeconds(60)).until(() -> received.size() == 1);
    }

    @Test
    void putsAsideAfterSoManyAttemptsWhereTheyAreCounted() throws Exception {
        always = refusal(DicomStatus.OUT_OF_RESOURCES);

        send(spool() + "acknowledgeAtOnce=true&maximumRetries=1&retryDelay=5&maximumRetryDelay=5&", instance(1));

        await().until(() -> files("failed").size() == 1);
        assertThat(statistics().failedAttempts()).isEqualTo(2);
    }

    @Test
    void keepsWhatIsWaitingForCredentials() throws Exception {
        problems.add(refusal(DicomStatus.NOT_AUTHORIZED));

        send(spool() + SPOOLED, instance(1));

        await().until(() -> received.size() == 1);
        assertThat(files("failed")).isEmpty();
    }

    @Test
    void doesNotAcknowledgeWhatIsNoInstance() throws Exception {
        DataSet image = dataSet(1).setBytes(Tag.PixelData, VR.OW, new byte[200_000]);
        byte[] broken = Arrays.copyOf(file(image), 100_000);
        assertThatThrownBy(() -> send(spool() + SPOOLED, broken)).isInstanceOf(DicomException.class);
        assertThat(files("waiting")).isEmpty();
    }

    @Test
    void putsAsideWhatCannotBeReadAnyMore() throws Exception {
        always = new IOException("no route to host");
        send(spool() + SPOOLED, instance(1));
        Files.write(files("waiting").get(0), new byte[] {1, 2, 3});
        always = null;

        await().until(() -> files("failed").size() == 1);
        assertThat(files("waiting")).isEmpty();
        assertThat(received).isEmpty();
    }

    @Test
    void keepsOneProcessToAFolder() throws Exception {
        send(spool() + SPOOLED, instance(1));

        try (CamelContext other = new DefaultCamelContext()) {
            other.start();
            assertThatThrownBy(() -> other.createProducerTemplate()
                            .requestBody(
                                    "dicom-forward:other?" + spool() + SPOOLED
                                            + "defaultDestination=RAW(direct:archive?block=false)",
                                    ""))
                    .hasStackTraceContaining("Another endpoint or process sends the instances of the folder");
        }
    }

    @Test
    void saysWhichOptionsNeedAFolder() {
        assertThatThrownBy(() -> send("sendToAll=true&", instance(1))).hasStackTraceContaining("need a folder");
        for (String option : List.of("httpErrorCodesToRetry=404", "stow.overwrite=true", "maximumRetries=2")) {
            assertThatThrownBy(() -> send(option + "&", instance(1)))
                    .as(option)
                    .hasStackTraceContaining("need a folder");
        }
        assertThatThrownBy(() -> send(spool() + "maximumRetries=-1&", instance(1)))
                .hasStackTraceContaining("maximumRetries of test is to be 0 or more");
        assertThatThrownBy(() -> send(spool() + "httpErrorCodesToRetry=4x&", instance(1)))
                .hasStackTraceContaining("HTTP statuses separated by commas");
    }
}
