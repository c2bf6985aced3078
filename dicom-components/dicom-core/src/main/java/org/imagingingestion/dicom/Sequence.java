package org.imagingingestion.dicom;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A sequence of items (PS3.5 §7.5). Its VR is SQ, or UN where it was written as UN of undefined length (PS3.5 §6.2.2). */
public final class Sequence extends Element {
    private final List<DataSet> items = new ArrayList<>();
    private final boolean undefinedLength;
    private DataSet owner;

    public Sequence(int tag) {
        this(tag, VR.SQ, false);
    }

    /** @param undefinedLength whether it is written with a delimiter in place of a length */
    public Sequence(int tag, VR vr, boolean undefinedLength) {
        super(tag, vr);
        this.undefinedLength = undefinedLength;
    }

    /** The items in their order; not to be changed. */
    public List<DataSet> items() {
        return Collections.unmodifiableList(items);
    }

    /** Adds an item at the end; from now on it inherits the character set of the data set this sequence stands in. */
    public Sequence add(DataSet item) {
        items.add(item);
        item.setParent(owner);
        return this;
    }

    /** The data set this sequence stands in, from which its items inherit. */
    void setOwner(DataSet owner) {
        this.owner = owner;
        items.forEach(item -> item.setParent(owner));
    }

    public boolean isUndefinedLength() {
        return undefinedLength;
    }

    @Override
    public boolean isEmpty() {
        return items.isEmpty();
    }
}
