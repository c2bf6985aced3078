package org.imagingingestion.camel.dimse;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.UserInformation;

/**
 * The presentation contexts to propose for C-GET (PS3.4 §C.5.3). A peer agrees to one transfer syntax in each, and sends what it keeps
 * compressed in the very one: the fewer SOP classes, the more transfer syntaxes come each in a context of its own.
 */
final class GetProposal {
    /** Presentation contexts that an association has room for (PS3.8 §9.3.2.2). */
    private static final int MOST_CONTEXTS = 128;

    private final List<PresentationContext> contexts = new ArrayList<>();
    private final List<UserInformation.RoleSelection> roles = new ArrayList<>();

    GetProposal(DimseConfiguration options) {
        DimseOperation.GET.sopClasses().forEach(sopClass -> add(sopClass, TransferSyntaxes.PLAIN));
        int room = MOST_CONTEXTS - contexts.size();
        List<String> sopClasses =
                options.getSopClasses() == null || options.getSopClasses().isBlank()
                        ? known(room)
                        : named(options.getSopClasses(), room);
        for (String sopClass : sopClasses) {
            roles.add(new UserInformation.RoleSelection(sopClass, false, true));
            split(options.storageSyntaxes(), room / sopClasses.size())
                    .forEach(transferSyntaxes -> add(sopClass, transferSyntaxes));
        }
    }

    /** Those that the standard has retired come last, and some of them find no room. */
    private static List<String> known(int room) {
        return Stream.of(false, true)
                .flatMap(retired -> Dictionary.uids().stream()
                        .filter(entry -> entry.isStorage() && entry.isRetired() == retired)
                        .map(Dictionary.UIDEntry::uid))
                .limit(room)
                .toList();
    }

    private static List<String> named(String sopClasses, int room) {
        List<String> named =
                Stream.of(sopClasses.split(",")).map(String::strip).distinct().toList();
        if (named.size() > room || !named.stream().allMatch(UIDs::isLenient)) {
            throw new IllegalArgumentException("sopClasses is to be 1 to " + room + " UIDs, separated by commas");
        }
        return named;
    }

    /** Transfer syntaxes by context: those that can be made of each other in one, others alone, and the last in one again. */
    private static List<List<String>> split(List<String> transferSyntaxes, int room) {
        List<String> uncompressed = transferSyntaxes.stream()
                .filter(TransferSyntaxes.NATIVE::contains)
                .toList();
        List<String> others = transferSyntaxes.stream()
                .filter(uid -> !TransferSyntaxes.NATIVE.contains(uid))
                .toList();
        if (room == 1 || uncompressed.isEmpty() || others.isEmpty()) {
            return List.of(transferSyntaxes);
        }
        List<List<String>> split = new ArrayList<>();
        split.add(uncompressed);
        int alone = others.size() < room ? others.size() : room - 2;
        others.subList(0, alone).forEach(uid -> split.add(List.of(uid)));
        if (alone < others.size()) {
            split.add(others.subList(alone, others.size()));
        }
        return split;
    }

    private void add(String sopClass, List<String> transferSyntaxes) {
        contexts.add(new PresentationContext(2 * contexts.size() + 1, sopClass, transferSyntaxes));
    }

    List<PresentationContext> contexts() {
        return contexts;
    }

    /** That this side takes the instances. */
    List<UserInformation.RoleSelection> roles() {
        return roles;
    }
}
