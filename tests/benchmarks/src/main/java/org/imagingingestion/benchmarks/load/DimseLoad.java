package org.imagingingestion.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

import org.imagingingestion.benchmarks.BenchFailure;
import org.imagingingestion.benchmarks.corpus.InstanceName;
import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.server.Servers;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Pdu;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.Requestor;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.UserInformation;

/** Asks a server over and over by DIMSE, each connection an association of its own. */
public final class DimseLoad {
    /** Study Root: find and move (PS3.4 §C.6.2). */
    public static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";

    public static final String MOVE = "1.2.840.10008.5.1.4.1.2.2.2";

    private static final int PDU = 128 << 10;

    private DimseLoad() {}

    /** Stores instances by C-STORE, every connection a study of its own. */
    public static LoadResult store(
            int port, InstanceTemplate template, int connections, Studies studies, Duration time) {
        return store(port, Servers.AE_TITLE, template, connections, studies, time);
    }

    /** The same to an AE title. */
    public static LoadResult store(
            int port, String aeTitle, InstanceTemplate template, int connections, Studies studies, Duration time) {
        return ClosedLoop.run(connections, time, () -> new Sender(port, aeTitle, template, studies.new Walk()));
    }

    /** Searches over one association, as fast as the answers come. @param identifiers the n-th search @param matches of each */
    public static LoadResult find(int port, IntFunction<DataSet> identifiers, int matches, Duration time) {
        return ClosedLoop.run(1, time, () -> new Finder(port, identifiers, matches));
    }

    /** Has studies moved to the sink, one after the other. @param identifiers the n-th study @param instances of each */
    public static LoadResult move(int port, IntFunction<DataSet> identifiers, int instances, Duration time) {
        return ClosedLoop.run(1, time, () -> new Mover(port, identifiers, instances));
    }

    private static Association associate(int port, String aeTitle, String sopClassUID) {
        List<PresentationContext> contexts = List.of(
                new PresentationContext(1, sopClassUID, List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid())));
        try {
            return new Requestor("127.0.0.1", port, Timeouts.DEFAULT)
                    .associate(new Pdu.AssociateRequest(aeTitle, "BENCHMARK", contexts, UserInformation.of(PDU)));
        } catch (IOException e) {
            throw new BenchFailure("no association: " + e.getMessage(), e);
        }
    }

    /** What all have in common. */
    private abstract static class Asking implements Worker {
        final Association association;
        final ServiceUser user;
        final PresentationContext.Accepted context;

        Asking(int port, String aeTitle, String sopClassUID) {
            association = associate(port, aeTitle, sopClassUID);
            user = new ServiceUser(association);
            try {
                context = association.context(sopClassUID);
            } catch (DicomException e) {
                throw new BenchFailure(e.getMessage(), e);
            }
        }

        @Override
        public int step() throws IOException {
            try {
                return ask();
            } catch (DicomException e) {
                throw new BenchFailure(e.getMessage(), e);
            }
        }

        abstract int ask() throws IOException, DicomException;

        @Override
        public long bytes() {
            return association.bytesSent();
        }

        @Override
        public void close() {
            association.close();
        }

        static void demand(DimseStatus status) {
            if (!status.isSuccess()) {
                throw new BenchFailure("answered with " + status.hex() + ' ' + status.comment());
            }
        }
    }

    private static final class Sender extends Asking {
        private final InstanceTemplate template;
        private final Studies.Walk walk;
        private final byte[] header;
        private final byte[] pixels;

        Sender(int port, String aeTitle, InstanceTemplate template, Studies.Walk walk) {
            super(port, aeTitle, template.kind().sopClass());
            this.template = template;
            this.walk = walk;
            header = template.header();
            ByteBuffer shared = template.pixels();
            pixels = new byte[shared.remaining()];
            shared.get(pixels);
        }

        @Override
        int ask() throws IOException, DicomException {
            InstanceName name = walk.take();
            if (name == null) {
                return 0;
            }
            template.patch(ByteBuffer.wrap(header), 0, name);
            int offset = template.dataSetOffset();
            DataSetSource data = out -> {
                out.write(header, offset, header.length - offset);
                out.write(pixels, 0, pixels.length);
            };
            demand(user.store(context, name.instanceUid(), null, data));
            walk.acknowledge(name);
            return 1;
        }
    }

    private static final class Finder extends Asking {
        private final IntFunction<DataSet> identifiers;
        private final int matches;
        private int n;

        Finder(int port, IntFunction<DataSet> identifiers, int matches) {
            super(port, Servers.AE_TITLE, FIND);
            this.identifiers = identifiers;
            this.matches = matches;
        }

        @Override
        int ask() throws IOException {
            int found = 0;
            try (ServiceUser.Matches answers = user.find(context, identifiers.apply(n++))) {
                while (answers.hasNext()) {
                    answers.next();
                    found++;
                }
            }
            if (found != matches) {
                throw new BenchFailure("found " + found + " in place of " + matches);
            }
            return 1;
        }
    }

    private static final class Mover extends Asking {
        private final IntFunction<DataSet> identifiers;
        private final int instances;
        private int n;

        Mover(int port, IntFunction<DataSet> identifiers, int instances) {
            super(port, Servers.AE_TITLE, MOVE);
            this.identifiers = identifiers;
            this.instances = instances;
        }

        @Override
        int ask() throws IOException, DicomException {
            ServiceUser.Response response = user.move(context, Servers.SINK_AE, identifiers.apply(n++), progress -> {});
            demand(response.status());
            int completed = response.command().suboperations().completed();
            if (completed != instances) {
                throw new BenchFailure("moved " + completed + " in place of " + instances);
            }
            return instances;
        }
    }
}
