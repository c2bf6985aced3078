package org.imagingingestion.dicom;

/**
 * The item that an element is in, and where that is.
 *
 * @param outer {@code null} where the sequence is at the top
 * @param tag of the sequence
 * @param item its number, from 0
 */
record ElementPath(ElementPath outer, int tag, int item) {
    /** The path of an element: {@code 54000100/0/54001010}. */
    static String of(ElementPath path, int tag) {
        return path == null ? Hex.of(tag) : path + "/" + Hex.of(tag);
    }

    @Override
    public String toString() {
        return of(outer, tag) + "/" + item;
    }
}
