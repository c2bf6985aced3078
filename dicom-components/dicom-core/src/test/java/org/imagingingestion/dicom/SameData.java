package org.imagingingestion.dicom;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares data sets by their bytes, in Little Endian. */
final class SameData {
    private SameData() {}

    /** @param sameVR whether VRs have to be the same, which they are not after Implicit VR */
    static void assertSame(DataSet actual, DataSet expected, boolean sameVR) {
        assertSame(actual, expected, sameVR, "");
    }

    private static void assertSame(DataSet actual, DataSet expected, boolean sameVR, String path) {
        assertThat(actual).as(path).extracting(Element::tag).isEqualTo(tags(expected));
        Iterator<Element> others = expected.iterator();
        for (Element element : actual) {
            Element other = others.next();
            String place = path + Tag.toHexString(element.tag());
            if (sameVR) {
                assertThat(element.vr()).as(place).isEqualTo(other.vr());
            }
            if (!sameVR && other instanceof Sequence && element instanceof Element.Value value) {
                // a sequence that only its VR told from bytes
                assertThat(value.vr()).as(place).isEqualTo(VR.UN);
                continue;
            }
            assertThat(element.getClass()).as(place).isEqualTo(other.getClass());
            if (element instanceof Sequence sequence) {
                assertThat(sequence.items()).as(place).hasSameSizeAs(((Sequence) other).items());
                for (int i = 0; i < sequence.items().size(); i++) {
                    assertSame(
                            sequence.items().get(i), ((Sequence) other).items().get(i), sameVR, place + "/" + i + "/");
                }
            } else if (element instanceof Fragments fragments) {
                assertThat(fragments.count()).as(place).isEqualTo(((Fragments) other).count());
                for (int i = 0; i < fragments.count(); i++) {
                    assertThat(fragments.bytes(i)).as(place).isEqualTo(((Fragments) other).bytes(i));
                }
            } else {
                assertThat(actual.bytes(element.tag())).as(place).isEqualTo(expected.bytes(element.tag()));
            }
        }
    }

    private static List<Integer> tags(DataSet dataSet) {
        List<Integer> tags = new ArrayList<>();
        dataSet.forEach(element -> tags.add(element.tag()));
        return tags;
    }
}
