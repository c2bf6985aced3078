package org.imagingingestion.camel.dimse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.service.KeptInstance;

/** The presentation contexts to propose for instances that are to be sent: as they are kept first, then as all can read them. */
final class Proposal {
    /** Odd numbers up to 255 (PS3.8 §9.3.2.2). */
    private static final int MOST = 128;

    private record Proposed(String sopClassUID, List<String> transferSyntaxes) {}

    private static final List<String> READ_BY_ALL =
            List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());

    private final Set<Proposed> proposed = new LinkedHashSet<>();

    /** @return {@code false} where there is no more room for what it needs */
    boolean add(KeptInstance instance) {
        Set<Proposed> needed = needed(instance.sopClassUID(), instance.transferSyntaxUID());
        needed.removeAll(proposed);
        if (proposed.size() + needed.size() > MOST) {
            return false;
        }
        proposed.addAll(needed);
        return true;
    }

    private static Set<Proposed> needed(String sopClassUID, String transferSyntaxUID) {
        Set<Proposed> needed = new LinkedHashSet<>();
        needed.add(new Proposed(sopClassUID, List.of(transferSyntaxUID)));
        if (TransferSyntaxes.NATIVE.contains(transferSyntaxUID)) {
            needed.add(new Proposed(sopClassUID, READ_BY_ALL));
        }
        return needed;
    }

    boolean covers(KeptInstance instance) {
        return proposed.contains(new Proposed(instance.sopClassUID(), List.of(instance.transferSyntaxUID())));
    }

    List<PresentationContext> contexts() {
        List<PresentationContext> contexts = new ArrayList<>();
        for (Proposed each : proposed) {
            contexts.add(new PresentationContext(2 * contexts.size() + 1, each.sopClassUID(), each.transferSyntaxes()));
        }
        return contexts;
    }
}
