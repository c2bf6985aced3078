package org.imagingingestion.dicom.net;

/** Application Entity titles: up to 16 characters of the default repertoire, spaces at either end without meaning (PS3.5 §6.2, PS3.8 §9.3.2). */
public final class AETitle {
    static final int LENGTH = 16;

    private AETitle() {}

    /** Whether a text can be an AE title: 1 to 16 printable ASCII characters, no backslash, not only spaces. */
    public static boolean isValid(String title) {
        return title != null
                && !title.isBlank()
                && title.length() <= LENGTH
                && title.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '\\');
    }

    /** @throws IllegalArgumentException naming what it is for, where it is none */
    public static String require(String name, String title) {
        if (!isValid(title)) {
            throw new IllegalArgumentException(
                    name + " is to be an AE title of 1 to 16 printable ASCII characters without backslash");
        }
        return title.strip();
    }
}
