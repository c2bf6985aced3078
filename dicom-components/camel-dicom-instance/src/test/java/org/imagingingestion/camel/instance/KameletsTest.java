package org.imagingingestion.camel.instance;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.Opened;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The actions as routes use them: by their Kamelets. */
class KameletsTest {
    private final List<byte[]> arrived = new CopyOnWriteArrayList<>();
    private CamelContext context;

    @BeforeEach
    void start() {
        context = new DefaultCamelContext();
        context.addComponent("kamelet", new KameletComponent());
        context.getComponent("kamelet", KameletComponent.class).setLocation("file:../../kamelets");
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private DataSet send(String... actions) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                var route = from("direct:in").streamCache("false");
                for (String action : actions) {
                    route.to("kamelet:" + action);
                }
                route.process(exchange -> arrived.add(exchange.getMessage().getBody(InstanceBody.class).stream()
                        .readAllBytes()));
            }
        });
        try (InstanceBody body = Instances.body(Instances.file(Instances.dataSet()))) {
            Exchange exchange = context.createProducerTemplate().send("direct:in", sent -> {
                sent.getIn().setBody(body);
                sent.getIn().setHeaders(new HashMap<>(Map.of(ServiceHeaders.PROVIDER, "hospital")));
            });
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        }
        return arrived.isEmpty() ? null : Instances.read(arrived.get(0)).dataSet();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dicom-filter-action | true",
                "dicom-filter-action?modality=CT | true",
                "dicom-filter-action?modality=MR | false",
                "dicom-filter-action?selector=RAW(clinic,hosp(ital)?) | true",
                "dicom-filter-action?keep=RAW(Modality=CT&PatientID=47??) | true",
                "dicom-filter-action?keep=RAW(Modality=CT&PatientID=48??) | false",
            })
    void filterEndsTheRouteOfWhatIsNotWanted(String action, boolean passes) throws Exception {
        send(action);
        assertThat(arrived).hasSize(passes ? 1 : 0);
    }

    @Test
    void coerceTakesRulesWithAnyCharacters() throws Exception {
        DataSet made = send(
                "dicom-coerce-action?rules=RAW(set InstitutionName = A & B (C\\; set StudyID = 1; prefix PatientID = X+)"
                        .replace("\\;", ";"));
        assertThat(made.string(Tag.InstitutionName)).isEqualTo("A & B (C");
        assertThat(made.string(Tag.StudyID)).isEqualTo("1");
        assertThat(made.string(Tag.PatientID)).isEqualTo("X+4711");
    }

    @Test
    void actionsFollowEachOther() throws Exception {
        DataSet made = send(
                "dicom-filter-action?modality=CT",
                "dicom-deidentify-action?dates=shift&key=RAW(a secret+with=any&characters)",
                "dicom-coerce-action?rules=set InstitutionName = Research");
        assertThat(made.string(Tag.PatientIdentityRemoved)).isEqualTo("YES");
        assertThat(made.string(Tag.InstitutionName)).isEqualTo("Research");
        assertThat(made.string(Tag.StudyInstanceUID))
                .isEqualTo(new Pseudonyms("a secret+with=any&characters").uid("1.2.3.4.1"));
    }

    /** More than is read before the first step is done: its Kamelet is left then. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dicom-filter-action?modality=CT",
                "dicom-coerce-action?rules=set StudyID = 1",
                "dicom-deidentify-action?key=RAW(a secret+with=any&characters)"
            })
    void actionsHandOnWhatIsReadByTheNextStepOnly(String action) throws Exception {
        byte[] pixels = new byte[3 << 20];
        new Random(1).nextBytes(pixels);
        DataSet dataSet = Instances.dataSet();
        dataSet.setBytes(Tag.PixelData, VR.OW, pixels);
        AtomicInteger open = new AtomicInteger();
        InstanceSource source = () -> new Closing(Instances.file(dataSet), open);
        List<Object> properties = new ArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in")
                        .streamCache("false")
                        .to("kamelet:" + action)
                        .to("kamelet:dicom-filter-action?modality=CT")
                        .process(exchange -> {
                            properties.add(exchange.getProperty(ServiceHeaders.OPENED));
                            arrived.add(exchange.getMessage().getBody(InstanceBody.class).stream()
                                    .readAllBytes());
                        });
            }
        });

        Exchange exchange = context.createProducerTemplate()
                .send("direct:in", sent -> sent.getIn().setBody(source));

        assertThat(exchange.getException()).isNull();
        assertThat(Instances.read(arrived.get(0)).dataSet().bytes(Tag.PixelData))
                .isEqualTo(pixels);
        assertThat(open).as("open streams").hasValue(0);
        assertThat(properties).singleElement().isInstanceOf(Opened.class);
    }

    @Test
    void actionsTellWhatTheyOpenedWhereTheNextStepFails() throws Exception {
        DataSet dataSet = Instances.dataSet();
        dataSet.setBytes(Tag.PixelData, VR.OW, new byte[3 << 20]);
        AtomicInteger open = new AtomicInteger();
        InstanceSource source = () -> new Closing(Instances.file(dataSet), open);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:in")
                        .streamCache("false")
                        .to("kamelet:dicom-coerce-action?rules=set StudyID = 1")
                        .throwException(new IllegalStateException("The target is away"));
            }
        });

        Exchange exchange = context.createProducerTemplate()
                .send("direct:in", sent -> sent.getIn().setBody(source));

        assertThat(exchange.getException()).hasMessage("The target is away");
        assertThat(open).hasValue(1);
        exchange.getProperty(ServiceHeaders.OPENED, Opened.class).close();
        assertThat(open).hasValue(0);
    }

    /** Counts how many of its kind are open. */
    private static final class Closing extends ByteArrayInputStream {
        private final AtomicInteger open;

        Closing(byte[] bytes, AtomicInteger open) {
            super(bytes);
            this.open = open;
            open.incrementAndGet();
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            if (pos > count) {
                throw new IllegalStateException("closed");
            }
            return super.read(target, offset, length);
        }

        @Override
        public void close() {
            if (pos <= count) {
                open.decrementAndGet();
            }
            pos = count + 1;
        }
    }

    @Test
    void retainsPrivateElementsThatAreNamed() throws Exception {
        DataSet made = send(
                "dicom-coerce-action?rules=RAW(set (0019,xx0C,\"ACME 1\") LO = b value; set (0019,xx0D,\"ACME 1\") LO = other)",
                "dicom-deidentify-action?key=RAW(" + Instances.KEY + ")&safePrivate=RAW((0019,xx0C,\"ACME 1\"))");
        assertThat(made.string(0x00190010)).isEqualTo("ACME 1");
        assertThat(made.string(0x0019100C)).isEqualTo("b value");
        assertThat(made.contains(0x0019100D)).isFalse();
    }
}
