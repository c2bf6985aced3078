package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.event.DicomAvailableEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DicomInstanceTest {
    private static final String KEY = "&secretKey=RAW(" + Instances.KEY + ")";

    @TempDir
    Path folder;

    private final List<byte[]> arrived = new CopyOnWriteArrayList<>();
    private CamelContext context;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        context = new DefaultCamelContext();
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    /** Sends a body through an action and takes what arrives behind it. */
    private Exchange send(String action, Object body, Map<String, Object> headers) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in")
                        .routeId("in")
                        .streamCache("false")
                        .to("direct:action")
                        .process(this::take);
                // as a Kamelet is, in a route of its own
                from("direct:action").routeId("action").streamCache("false").to("dicom-instance:" + action);
            }

            private void take(Exchange exchange) throws Exception {
                Object arriving = exchange.getMessage().getBody();
                if (arriving instanceof InstanceBody instance) {
                    arrived.add(instance.stream().readAllBytes());
                } else {
                    arrived.add(new byte[0]);
                }
            }
        });
        Exchange exchange = template.send("direct:in", sent -> {
            sent.getIn().setBody(body);
            sent.getIn().setHeaders(new HashMap<>(headers));
        });
        context.getRouteController().stopRoute("in");
        context.removeRoute("in");
        context.getRouteController().stopRoute("action");
        context.removeRoute("action");
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    private DataSet sent(String action, Object body) throws Exception {
        send(action, body, Map.of());
        return Instances.read(arrived.remove(0)).dataSet();
    }

    @Test
    void takesAnInstanceInEveryForm() throws Exception {
        byte[] file = Instances.file(Instances.dataSet());
        Path path = folder.resolve("instance.dcm");
        Files.write(path, file);
        AtomicInteger open = new AtomicInteger();
        InstanceSource source = () -> {
            open.incrementAndGet();
            return new ByteArrayInputStream(file) {
                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        };
        List<Object> bodies =
                List.of(Instances.body(file), source, new ByteArrayInputStream(file), file, path, path.toFile());
        for (Object body : bodies) {
            DataSet coerced = sent("coerce?rules=set InstitutionName=General", body);
            assertThat(coerced.string(Tag.InstitutionName)).isEqualTo("General");
            assertThat(coerced.string(Tag.PatientName)).isEqualTo("Doe^Jane");
        }
        assertThat(open).hasValue(0);
    }

    @Test
    void givesItsBytesToWhoeverTakesAStream() {
        byte[] file = Instances.file(Instances.dataSet());
        assertThat(context.getTypeConverter().convertTo(InputStream.class, Instances.body(file)))
                .hasBinaryContent(file);
    }

    @Test
    void bringsHeadersIntoLine() throws Exception {
        Exchange exchange = send(
                "deidentify?dates=shift" + KEY,
                Instances.body(Instances.file(Instances.dataSet())),
                Map.of(
                        "CamelDimseSOPInstanceUID",
                        "1.2.3.4.3",
                        "CamelDimseSOPClassUID",
                        "1.2.840.10008.5.1.4.1.1.2",
                        "CamelDicomManifestStudyInstanceUID",
                        "1.2.3.4.1",
                        "CamelDimseCommand",
                        "an original one",
                        "CamelCloudEventSubject",
                        "/studies/1.2.3.4.1",
                        ServiceHeaders.PROVIDER,
                        "hospital"));
        DataSet made = Instances.read(arrived.remove(0)).dataSet();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry("CamelDimseSOPInstanceUID", made.string(Tag.SOPInstanceUID))
                .containsEntry("CamelDimseSOPClassUID", "1.2.840.10008.5.1.4.1.1.2")
                .containsEntry("CamelDicomManifestStudyInstanceUID", made.string(Tag.StudyInstanceUID))
                .containsEntry(ServiceHeaders.PROVIDER, "hospital")
                .doesNotContainKeys("CamelDimseCommand", "CamelCloudEventSubject", "CamelDicomwebStudyInstanceUID");
        assertThat(made.string(Tag.StudyInstanceUID)).startsWith("2.25.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modality=CT | true",
                "modality=MR,C? | true",
                "modality=MR | false",
                "aeTitle=SCANNER,OTHER | true",
                "aeTitle=OTHER | false",
                "provider=hospital | true",
                "provider=clinic | false",
                "selector=clinic,hosp.* | true",
                "selector=hosp | false",
                "stationName=* | true",
                "stationName=CT1 | false",
                "keep=RAW(PatientID=47??&AETitle=SCANNER) | true",
                "keep=RAW(PatientID=48*) | false",
                "drop=RAW(PatientID=47*) | false",
                "drop=RAW(PatientID=48*) | true",
                "modality=CT&drop=RAW(Provider=hospital) | false",
            })
    void letsThroughWhatIsSelected(String options, boolean passes) throws Exception {
        byte[] file = Instances.file(Instances.dataSet());
        Exchange exchange = send(
                "filter?" + options,
                Instances.body(file),
                Map.of(ServiceHeaders.PROVIDER, "hospital", ServiceHeaders.CALLING_AE_TITLE, "SCANNER"));
        if (passes) {
            assertThat(arrived).containsExactly(file);
        } else {
            assertThat(arrived).isEmpty();
            assertThat(exchange.getMessage().getBody()).isInstanceOf(RecordOutcome.class);
        }
    }

    private static DicomAvailableEvent available() {
        return new DicomAvailableEvent(
                "hospital", null, "1.1", "1.2", "1.3", "1.4", "1.5", "00", "CT", "CT1", "SCANNER");
    }

    @ParameterizedTest
    @CsvSource({
        "modality=CT&stationName=CT?&aeTitle=SCANNER&provider=hospital, true",
        "modality=MR, false",
        "selector=clinic, false",
        "selector=hospital, true"
    })
    void filtersEvents(String options, boolean passes) throws Exception {
        List<Object> bodies = List.of(
                available(),
                available().toCloudEvent("urn:test", Instant.EPOCH, null),
                available().toJson(),
                new ByteArrayInputStream(available().toJson()));
        for (Object body : bodies) {
            arrived.clear();
            send("filter?" + options, body, Map.of("CamelCloudEventType", DicomAvailableEvent.TYPE));
            assertThat(arrived).hasSize(passes ? 1 : 0);
        }
    }

    @Test
    void saysWhatAnEventDoesNotTell() {
        assertThatThrownBy(() -> send("filter?keep=RAW(BodyPartExamined=HEAD)", available(), Map.of()))
                .isInstanceOf(DicomException.class)
                .hasMessageContaining("(0018,0015)")
                .hasMessageContaining("dicom-retrieve-action");
    }

    @ParameterizedTest
    @CsvSource({
        "modality=MR, true",
        "modality=US, false",
        "keep=RAW(Modality=MR&SeriesInstanceUID=1.3), true",
        "keep=RAW(Modality=MR&SeriesInstanceUID=1.2), false",
        "drop=Modality=MR, true",
        "keep=BodyPartExamined=, true",
        "keep=RAW(SeriesNumber=2&BodyPartExamined=HEAD), false",
        "keep=SeriesNumber=2, true",
        "selector=clinic, false"
    })
    void filtersStudiesByTheirSeries(String options, boolean passes) throws Exception {
        StudyRevisionEvent event = new StudyRevisionEvent(
                0,
                "hospital",
                new StudyRevisionEvent.Study(
                        "1.1",
                        "20260131",
                        List.of(),
                        List.of(
                                new StudyRevisionEvent.Series("1.2", 1, "CT", List.of(), List.of(), null, null),
                                new StudyRevisionEvent.Series("1.3", 2, "MR", List.of(), List.of(), null, null))),
                new StudyRevisionEvent.ChangeSet(List.of(), List.of(), List.of()));
        send("filter?" + options, event.toCloudEvent("urn:test", Instant.EPOCH, null), Map.of());
        assertThat(arrived).hasSize(passes ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deidentify | needs a key",
                "deidentify?secretKey=short | 16 characters",
                "deidentify?secretKey=a secret of 24 characters&dates=gone | dates",
                "deidentify?secretKey=a secret of 24 characters&burnedInAnnotation=maybe | burnedInAnnotation",
                "deidentify?secretKey=a secret of 24 characters&safePrivate=(0010,xx10,\"A\") | (0010,xx10",
                "deidentify?secretKey=a secret of 24 characters&cleanDescriptors=true&safeDescriptors=PatientName | PatientName",
                "deidentify?secretKey=a secret of 24 characters&safeDescriptors=ProtocolName | needs cleanDescriptors",
                "deidentify?secretKey=a secret of 24 characters&safePrivate=file:/no/such/file | /no/such/file",
                "coerce | rules",
                "coerce?rules=set Modality = ct | upper case",
                "coerce?rules=file:/no/such/file | /no/such/file",
                "filter?keep=Modalty=CT | Modalty",
                "filter?selector=( | selector",
                "anonymize | anonymize"
            })
    void saysAtTheStartWhatIsWrong(String action, String problem) {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:wrong").to("dicom-instance:" + action);
                    }
                }))
                .hasStackTraceContaining(problem);
    }

    @Test
    void tellsItsKeyToNobody() {
        assertThat(context.getEndpoint("dicom-instance:deidentify?dates=shift" + KEY)
                        .toString())
                .doesNotContain(Instances.KEY);
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:wrong").to("dicom-instance:deidentify?dates=gone" + KEY);
                    }
                }))
                .message()
                .doesNotContain(Instances.KEY);
    }

    @Test
    void refusesBurnedInAnnotationWithoutNamingThePatient() {
        DataSet dataSet = Instances.dataSet().setString(Tag.BurnedInAnnotation, VR.CS, "YES");
        assertThatThrownBy(
                        () -> send("deidentify?" + KEY.substring(1), Instances.body(Instances.file(dataSet)), Map.of()))
                .isInstanceOfSatisfying(DicomException.class, e -> assertThat(e.status())
                        .isEqualTo(DicomStatus.INVALID_ATTRIBUTE_VALUE))
                .hasMessageContaining("Burned In Annotation")
                .hasMessageNotContaining("Doe")
                .hasMessageNotContaining("1.2.3.4");
    }

    @Test
    void leavesNothingToARouteThatGoesOnAllTheSame() throws Exception {
        byte[] file = Instances.file(Instances.dataSet().setString(Tag.BurnedInAnnotation, VR.CS, "YES"));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:lenient")
                        .streamCache("false")
                        .doTry()
                        .to("dicom-instance:deidentify?" + KEY.substring(1))
                        .doCatch(DicomException.class)
                        .log("gone on")
                        .end();
            }
        });

        Exchange exchange = template.send("direct:lenient", sent -> {
            sent.getIn().setBody(file);
            sent.getIn().setHeader(Exchange.FILE_NAME, "Doe^Jane.dcm");
        });

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isNull();
        assertThat(exchange.getMessage().getHeader(Exchange.FILE_NAME)).isNull();
    }

    @Test
    void passesBurnedInAnnotationWhereThatIsSet() throws Exception {
        DataSet dataSet = Instances.dataSet().setString(Tag.BurnedInAnnotation, VR.CS, "YES");
        assertThat(sent("deidentify?burnedInAnnotation=pass" + KEY, Instances.file(dataSet))
                        .string(Tag.PatientIdentityRemoved))
                .isEqualTo("YES");
    }

    @ParameterizedTest
    @CsvSource({"US, '', true", "US, NO, false", "CT, '', false", "CT, YES, true"})
    void refusesWhatMayHaveBurnedInAnnotation(String modality, String says, boolean refused) throws Exception {
        DataSet dataSet = Instances.dataSet()
                .setString(Tag.Modality, VR.CS, modality)
                .setString(Tag.BurnedInAnnotation, VR.CS, says);
        Consumer<byte[]> send = file -> {
            try {
                send("deidentify?burnedInAnnotation=refusePossible" + KEY, file, Map.of());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        if (refused) {
            assertThatThrownBy(() -> send.accept(Instances.file(dataSet))).hasRootCauseInstanceOf(DicomException.class);
        } else {
            send.accept(Instances.file(dataSet));
            assertThat(arrived).hasSize(1);
        }
    }

    @Test
    void readsListsFromFiles() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules"), "set StudyID = 7\nset (0019,xx0C,\"ACME\") LO = x\n");
        Path list = Files.writeString(folder.resolve("list"), "(0019,xx0C,\"ACME\")\n(0021,xx01,\"ACME\")\n");
        DataSet coerced = sent("coerce?rules=file:" + rules, Instances.file(Instances.dataSet()));
        assertThat(coerced.string(Tag.StudyID)).isEqualTo("7");
        DataSet made = sent("deidentify?safePrivate=file:" + list + KEY, Instances.file(coerced));
        assertThat(made.string(0x0019100C)).isEqualTo("x");
    }

    @Test
    void setsThePatientThatIsWanted() throws Exception {
        DataSet made =
                sent("deidentify?patientID=TRIAL-1&patientName=Trial^One" + KEY, Instances.file(Instances.dataSet()));
        assertThat(made.string(Tag.PatientID)).isEqualTo("TRIAL-1");
        assertThat(made.string(Tag.PatientName)).isEqualTo("Trial^One");
    }
}
