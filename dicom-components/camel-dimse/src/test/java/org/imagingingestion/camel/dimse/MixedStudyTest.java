package org.imagingingestion.camel.dimse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomParser;
import org.imagingingestion.dicom.DicomReader;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.net.Suboperations;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** A study of compressed and uncompressed instances, retrieved by peers that take some transfer syntaxes only. */
class MixedStudyTest extends DimseFixture {
    private static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String IMPLICIT = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String BIG_ENDIAN = TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid();
    private static final String DEFLATED = TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
    private static final String RLE = "1.2.840.10008.1.2.5";
    private static final String STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";
    private static final String STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2";

    /** What came, by SOP Instance UID: the transfer syntax, then that its pixels are right. */
    private final Map<String, String> got = new LinkedHashMap<>();

    private volatile String refused;

    @BeforeEach
    void keep() {
        for (String syntax : List.of(EXPLICIT, IMPLICIT, BIG_ENDIAN, DEFLATED, JPEG_LS, RLE)) {
            kept.add(source("1.1." + (kept.size() + 1), TransferSyntax.of(syntax)));
        }
    }

    private static List<PresentationContext> contexts(List<List<String>> transferSyntaxes) {
        List<PresentationContext> contexts = new ArrayList<>();
        contexts.add(new PresentationContext(1, STUDY_ROOT_GET, TransferSyntaxes.PLAIN));
        contexts.add(new PresentationContext(3, STUDY_ROOT_MOVE, TransferSyntaxes.PLAIN));
        transferSyntaxes.forEach(
                proposed -> contexts.add(new PresentationContext(2 * contexts.size() + 1, CT, proposed)));
        return contexts;
    }

    /** What a peer with these contexts for CT is answered. */
    private ServiceUser.Response get(List<List<String>> transferSyntaxes) throws Exception {
        try (Association association = associate(transferSyntaxes)) {
            association.setHandler(this::take);
            return new ServiceUser(association).get(association.context(STUDY_ROOT_GET), identifier(), progress -> {});
        }
    }

    private Association associate(List<List<String>> transferSyntaxes) throws IOException {
        return new Requestor("127.0.0.1", port, Timeouts.DEFAULT)
                .associate(new Pdu.AssociateRequest(
                        "ARCHIVE",
                        "TEST",
                        contexts(transferSyntaxes),
                        UserInformation.of(0).withRoles(List.of(new UserInformation.RoleSelection(CT, false, true)))));
    }

    private void take(Association association, Message request) throws Exception {
        String uid = request.command().sopInstanceUID();
        String syntax = request.context().transferSyntax();
        try (InputStream in = request.data();
                DicomParser parser = new DicomParser(TransferSyntax.of(syntax), ParseLimits.WHOLE)) {
            DataSet dataSet = DicomReader.read(in, parser).dataSet();
            assertThat(dataSet.string(Tag.SOPInstanceUID)).isEqualTo(uid);
            if (!TransferSyntax.of(syntax).encapsulated()) {
                assertThat(dataSet.bytes(Tag.PixelData)).isEqualTo(PIXELS);
            }
        }
        if (uid.equals(refused)) {
            association.respond(request, DimseStatus.of(DicomStatus.OUT_OF_RESOURCES));
        } else {
            got.put(uid, syntax);
            association.respond(request, DimseStatus.SUCCESS);
        }
    }

    private static void assertFailed(ServiceUser.Response response, int status, int completed, String... failed) {
        assertThat(response.status().code()).isEqualTo(status);
        assertThat(response.command().suboperations()).isEqualTo(new Suboperations(-1, completed, failed.length, 0));
        assertThat(response.dataSet().strings(Tag.FailedSOPInstanceUIDList)).containsExactly(failed);
    }

    @Test
    void usesEachContextThatAClassHas() throws Exception {
        ServiceUser.Response response =
                get(List.of(List.of(JPEG_LS), List.of(RLE), List.of(BIG_ENDIAN), List.of(DEFLATED), List.of(EXPLICIT)));

        assertThat(response.status().isSuccess()).isTrue();
        assertThat(response.dataSet()).isNull();
        assertThat(response.command().suboperations()).isEqualTo(new Suboperations(-1, 6, 0, 0));
        assertThat(got)
                .containsExactly(
                        Map.entry("1.1.1", EXPLICIT),
                        Map.entry("1.1.2", BIG_ENDIAN),
                        Map.entry("1.1.3", BIG_ENDIAN),
                        Map.entry("1.1.4", DEFLATED),
                        Map.entry("1.1.5", JPEG_LS),
                        Map.entry("1.1.6", RLE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.840.10008.1.2",
                "1.2.840.10008.1.2.1",
                "1.2.840.10008.1.2.2",
                "1.2.840.10008.1.2.1.99",
            })
    void writesAllThatIsNotCompressedForOneUncompressedContext(String syntax) throws Exception {
        ServiceUser.Response response = get(List.of(List.of(syntax)));

        assertFailed(response, 0xB000, 4, "1.1.5", "1.1.6");
        assertThat(response.status().comment()).contains("does not take transfer syntax " + RLE);
        assertThat(got).containsOnlyKeys("1.1.1", "1.1.2", "1.1.3", "1.1.4").allSatisfy((uid, used) -> assertThat(used)
                .isEqualTo(syntax));
    }

    @Test
    void sendsThePeerThatTakesOneCompressionOnlyWhatIsKeptInIt() throws Exception {
        assertFailed(get(List.of(List.of(JPEG_LS))), 0xB000, 1, "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.6");
        assertThat(got).containsOnlyKeys("1.1.5");
    }

    @Test
    void saysThatNothingCouldBeSent() throws Exception {
        assertFailed(
                get(List.of(List.of("1.2.840.10008.1.2.4.50"))),
                0xA702,
                0,
                "1.1.1",
                "1.1.2",
                "1.1.3",
                "1.1.4",
                "1.1.5",
                "1.1.6");
        assertThat(got).isEmpty();
    }

    @Test
    void goesOnAfterAnInstanceThatThePeerRefuses() throws Exception {
        refused = "1.1.3";

        assertFailed(get(List.of(List.of(JPEG_LS), List.of(RLE), List.of(EXPLICIT))), 0xB000, 5, "1.1.3");
    }

    @Test
    void listsMoreFailuresThanTheShortLengthOfUIDsHolds() throws Exception {
        kept.clear();
        String prefix = "1." + "2".repeat(50) + '.';
        for (int i = 10_000; i < 12_000; i++) {
            kept.add(source(prefix + i, TransferSyntax.of(RLE)));
        }

        ServiceUser.Response response = get(List.of(List.of(EXPLICIT)));

        assertThat(response.command().suboperations()).isEqualTo(new Suboperations(-1, 0, 2000, 0));
        assertThat(response.dataSet().contains(Tag.FailedSOPInstanceUIDList)).isTrue();
    }

    @Test
    void fetchesAllWhereTheClassesAreFewEnoughForAllTheirContexts() throws Exception {
        String get = archive("operation=get&instances=direct:ingest");

        assertThat(send(get, identifier(), Map.of()).getMessage().getBody()).isEqualTo(new Suboperations(-1, 4, 2, 0));
        assertThat(send(get + "&sopClasses=" + CT + ",1.2.840.10008.5.1.4.1.1.4", identifier(), Map.of())
                        .getMessage()
                        .getBody())
                .isEqualTo(new Suboperations(-1, 6, 0, 0));
    }

    @Test
    void proposesNoMoreContextsThanThereCanBe() {
        DimseConfiguration options = new DimseConfiguration();
        assertThat(new GetProposal(options).contexts()).hasSize(128);
        for (int classes : new int[] {1, 2, 3, 41, 62, 63, 125}) {
            options.setSopClasses(IntStream.range(0, classes)
                    .mapToObj(number -> "1.2." + number)
                    .collect(Collectors.joining(",")));
            List<PresentationContext> contexts = new GetProposal(options).contexts();
            assertThat(contexts).hasSizeBetween(3 + classes, 128);
            for (int number = 0; number < classes; number++) {
                String uid = "1.2." + number;
                assertThat(contexts)
                        .filteredOn(context -> context.abstractSyntax().equals(uid))
                        .flatExtracting(PresentationContext::transferSyntaxes)
                        .containsExactlyInAnyOrderElementsOf(TransferSyntaxes.STORAGE);
            }
        }
        options.setSopClasses("1.2,CT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GetProposal(options))
                .withMessageContaining("sopClasses");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void movesWhatTheDestinationTakesAndListsTheRest(int parallel) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("dimse:MOVER?operations=move&parallelAssociations=" + parallel)
                        .process(exchange -> exchange.getMessage().setBody(kept));
            }
        });
        try (Association association = new Requestor("127.0.0.1", port, Timeouts.DEFAULT)
                .associate(new Pdu.AssociateRequest("MOVER", "TEST", contexts(List.of()), UserInformation.of(0)))) {
            ServiceUser.Response response = new ServiceUser(association)
                    .move(association.context(STUDY_ROOT_MOVE), "PLAIN", identifier(), progress -> {});

            assertThat(response.status().code()).isEqualTo(0xB000);
            assertThat(response.command().suboperations()).isEqualTo(new Suboperations(-1, 4, 2, 0));
            assertThat(response.dataSet().strings(Tag.FailedSOPInstanceUIDList))
                    .containsExactlyInAnyOrder("1.1.5", "1.1.6");
        }
        assertThat(received).hasSize(4);
        for (Received each : received) {
            try (InputStream in = new ByteArrayInputStream(each.file())) {
                assertThat(DicomReader.read(in, ParseLimits.WHOLE)
                                .transferSyntax()
                                .uid())
                        .isEqualTo(IMPLICIT);
            }
        }
    }
}
