package org.imagingingestion.tests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
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
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;

import static org.assertj.core.api.Assertions.assertThat;

/** An association of the tests' own with the application: for what other clients are too slow or too well-behaved for. */
final class ServiceClassUser implements Load.Client {
    static final String STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1";
    static final String STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2";
    static final String STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";

    private static final int LONGEST_PDU = 128 << 10;
    /** As many as the application takes before it has answered the first. */
    private static final int WINDOW = 16;

    private final Association association;

    private ServiceClassUser(Association association) {
        this.association = association;
    }

    /** Opens an association for SOP classes, each in one of the transfer syntaxes. */
    static ServiceClassUser of(int port, String callingAE, List<String> sopClasses, String... transferSyntaxes) {
        return of(port, callingAE, contexts(sopClasses, transferSyntaxes), List.of());
    }

    /** Contexts for SOP classes, each in one of the transfer syntaxes. */
    static List<PresentationContext> contexts(List<String> sopClasses, String... transferSyntaxes) {
        List<PresentationContext> contexts = new ArrayList<>();
        for (String sopClass : sopClasses) {
            contexts.add(new PresentationContext(2 * contexts.size() + 1, sopClass, List.of(transferSyntaxes)));
        }
        return contexts;
    }

    /** Opens an association with another peer than the application. */
    static ServiceClassUser of(int port, String calledAE, List<PresentationContext> contexts) {
        return of(new Requestor("127.0.0.1", port, Timeouts.DEFAULT), calledAE, "DICOM-INGEST", contexts, List.of());
    }

    /** Opens an association on which files can be stored as they are. */
    static ServiceClassUser storing(int port, List<Part10> files) {
        return of(port, "SENDER", contexts(files), List.of());
    }

    private static List<PresentationContext> contexts(List<Part10> files) {
        record Kind(String sopClassUID, String transferSyntaxUID) {}
        Set<Kind> kinds = new LinkedHashSet<>();
        files.forEach(file -> kinds.add(new Kind(file.sopClassUID(), file.transferSyntaxUID())));
        List<PresentationContext> contexts = new ArrayList<>();
        for (Kind kind : kinds) {
            contexts.add(new PresentationContext(
                    2 * contexts.size() + 1, kind.sopClassUID(), List.of(kind.transferSyntaxUID())));
        }
        return contexts;
    }

    /** Opens an association on which studies can be had in the transfer syntaxes of these files. */
    static ServiceClassUser getting(int port, List<Part10> files) {
        return getting(port, "GETTER", files);
    }

    static ServiceClassUser getting(int port, String callingAE, List<Part10> files) {
        List<PresentationContext> contexts = contexts(files);
        contexts.add(new PresentationContext(
                2 * contexts.size() + 1, STUDY_ROOT_GET, List.of(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())));
        List<UserInformation.RoleSelection> roles = files.stream()
                .map(Part10::sopClassUID)
                .distinct()
                .map(sopClass -> new UserInformation.RoleSelection(sopClass, false, true))
                .toList();
        return of(port, callingAE, contexts, roles);
    }

    /**
     * Has studies sent by C-GET.
     *
     * @return the bytes of the data sets that came, by their SOP Instance UIDs
     */
    Map<String, byte[]> get(List<String> studies) {
        DataSet identifier = new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                .setString(Tag.StudyInstanceUID, VR.UI, studies.toArray(String[]::new));
        Map<String, byte[]> got = new TreeMap<>();
        association.setHandler((requestor, request) -> {
            got.put(request.command().sopInstanceUID(), request.data().readAllBytes());
            requestor.respond(request, DimseStatus.SUCCESS);
        });
        try {
            DimseStatus status = new ServiceUser(association)
                    .get(context(STUDY_ROOT_GET), identifier, progress -> {})
                    .status();
            assertThat(status.isSuccess()).as(status::toString).isTrue();
            return got;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Searches studies. */
    List<DataSet> find(DataSet keys) {
        List<DataSet> found = new ArrayList<>();
        keys.setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY");
        try (ServiceUser.Matches matches = new ServiceUser(association).find(context(STUDY_ROOT_FIND), keys)) {
            matches.forEachRemaining(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a study sent to somebody by C-MOVE. */
    DimseStatus move(String study, String destination) {
        DataSet identifier = new DataSet()
                .setString(Tag.QueryRetrieveLevel, VR.CS, "STUDY")
                .setString(Tag.StudyInstanceUID, VR.UI, study);
        try {
            return new ServiceUser(association)
                    .move(context(STUDY_ROOT_MOVE), destination, identifier, progress -> {})
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens an association on which the load can be stored, several instances before the first answer. */
    static ServiceClassUser ofLoad(int port) {
        return of(
                new Requestor("127.0.0.1", port, Timeouts.DEFAULT),
                "DICOM-INGEST",
                "SENDER",
                contexts(List.of(Samples.CT_IMAGE_STORAGE), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid()),
                UserInformation.of(LONGEST_PDU).withWindow(new UserInformation.Window(WINDOW, 1)));
    }

    static ServiceClassUser of(
            int port, String callingAE, List<PresentationContext> contexts, List<UserInformation.RoleSelection> roles) {
        return of(new Requestor("127.0.0.1", port, Timeouts.DEFAULT), "DICOM-INGEST", callingAE, contexts, roles);
    }

    static ServiceClassUser of(
            Requestor requestor,
            String calledAE,
            String callingAE,
            List<PresentationContext> contexts,
            List<UserInformation.RoleSelection> roles) {
        return of(
                requestor,
                calledAE,
                callingAE,
                contexts,
                UserInformation.of(LONGEST_PDU).withRoles(roles));
    }

    private static ServiceClassUser of(
            Requestor requestor,
            String calledAE,
            String callingAE,
            List<PresentationContext> contexts,
            UserInformation user) {
        try {
            return new ServiceClassUser(
                    requestor.associate(new Pdu.AssociateRequest(calledAE, callingAE, contexts, user)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Association association() {
        return association;
    }

    /** The context of a SOP class. */
    PresentationContext.Accepted context(String sopClassUID) {
        try {
            return association.context(sopClassUID);
        } catch (DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stores a file's data set as it is. */
    DimseStatus store(Part10 file) {
        try {
            return new ServiceUser(association)
                    .store(
                            association.context(file.sopClassUID(), file.transferSyntaxUID()),
                            file.sopInstanceUID(),
                            null,
                            DataSetSource.of(new ByteArrayInputStream(file.dataSet())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DicomException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int store(List<byte[]> files, Consumer<String> acknowledged) {
        assertThat(files).hasSizeLessThanOrEqualTo(association.window());
        Map<Integer, String> sent = new TreeMap<>();
        int worst = 0;
        try {
            for (byte[] bytes : files) {
                Part10 file = Part10.of(bytes);
                Command command = Command.request(CommandField.C_STORE, file.sopClassUID())
                        .withSOPInstanceUID(file.sopInstanceUID())
                        .withPriority();
                sent.put(
                        association.request(
                                association.context(file.sopClassUID(), file.transferSyntaxUID()),
                                command,
                                DataSetSource.of(new ByteArrayInputStream(file.dataSet()))),
                        file.sopInstanceUID());
            }
            while (!sent.isEmpty()) {
                Command response = association.awaitResponse().command();
                String instance = sent.remove(response.messageIDBeingRespondedTo());
                if (response.status().isSuccess()) {
                    acknowledged.accept(instance);
                }
                worst = Math.max(worst, response.status().code());
            }
            return worst;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Releases the association. */
    @Override
    public void close() {
        association.close();
    }
}
