package org.imagingingestion.dicom.net;

import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/**
 * The outcome of an operation (PS3.7 Annex C).
 *
 * @param code Status (0000,0900)
 * @param comment Error Comment (0000,0902), {@code null} for none; without patients' data
 * @param offendingElements tags of the Offending Element (0000,0901)
 */
public record DimseStatus(int code, String comment, List<Integer> offendingElements) {
    /** Longest Error Comment, of VR LO (PS3.7 Annex E). */
    static final int LONGEST_COMMENT = 64;

    public static final DimseStatus SUCCESS = of(DicomStatus.SUCCESS);
    public static final DimseStatus CANCEL = of(DicomStatus.CANCEL);
    public static final DimseStatus PENDING = new DimseStatus(0xFF00, null, List.of());
    /** More is to come, and optional keys were not supported as they should be (PS3.4 §C.4.1.1.4). */
    public static final DimseStatus PENDING_WARNING = new DimseStatus(0xFF01, null, List.of());

    public DimseStatus(int code, String comment, List<Integer> offendingElements) {
        this.code = code;
        this.comment = comment == null ? null : cut(comment);
        this.offendingElements = List.copyOf(offendingElements);
    }

    public static DimseStatus of(DicomStatus status) {
        return new DimseStatus(status.code(), null, List.of());
    }

    public static DimseStatus of(DicomStatus status, String comment) {
        return new DimseStatus(status.code(), comment, List.of());
    }

    /** What answers a request that failed for this. */
    public static DimseStatus of(DicomException problem) {
        return of(problem.status(), problem.getMessage());
    }

    public boolean isSuccess() {
        return code == 0;
    }

    public boolean isPending() {
        return code == PENDING.code || code == PENDING_WARNING.code;
    }

    public boolean isCancel() {
        return code == CANCEL.code;
    }

    /** Done, but not quite as asked (PS3.7 §C.4). */
    public boolean isWarning() {
        return code == 0x0001 || code == 0x0107 || code == 0x0116 || code >> 12 == 0xB;
    }

    public boolean isFailure() {
        return !isSuccess() && !isPending() && !isCancel() && !isWarning();
    }

    /** As it is written everywhere: {@code A700H}. */
    public String hex() {
        return String.format("%04XH", code);
    }

    /** To the length of an LO, in its characters. */
    private static String cut(String comment) {
        StringBuilder text = new StringBuilder(LONGEST_COMMENT);
        for (int i = 0; i < comment.length() && text.length() < LONGEST_COMMENT; i++) {
            char c = comment.charAt(i);
            text.append(c < ' ' || c > '~' || c == '\\' ? ' ' : c);
        }
        return text.toString().strip();
    }
}
