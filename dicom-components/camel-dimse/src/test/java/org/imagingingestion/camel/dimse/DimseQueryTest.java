package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
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
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Searches, storage commitment and what is agreed on, between AE titles of the component. */
class DimseQueryTest extends DimseFixture {
    @Test
    void echoes() {
        Exchange exchange = send(archive("operation=echo"), "as it was", Map.of());

        assertThat(exchange.getMessage().getHeader(DimseConstants.STATUS)).isEqualTo(0);
        assertThat(exchange.getMessage().getBody()).isEqualTo("as it was");
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int nobody = freePort();

        assertThatThrownBy(() -> send("dimse:X@127.0.0.1:" + nobody + "?operation=echo", "", Map.of()))
                .cause()
                .hasMessageContaining("No connection to 127.0.0.1:" + nobody);
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

    @Test
    void goesOnBehindAPageThatIsShorterThanItsLimit() {
        mostMatches = 1;

        assertThat(find(archive("operation=find"))).containsExactly("P0", "P1", "P2", "P3", "P4");
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

    @Test
    void passesOnSearches() {
        assertThat(find("dimse:ROUTER@127.0.0.1:" + port + "?operation=find"))
                .containsExactly("P0", "P1", "P2", "P3", "P4");
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
