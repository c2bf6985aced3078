package org.imagingingestion.dicom;

/** Value Representation of a data element: how its value is encoded (PS3.5 §6.2). */
public enum VR {
    AE(Kind.STRING, 1),
    AS(Kind.STRING, 1),
    AT(Kind.BINARY, 2),
    CS(Kind.STRING, 1),
    DA(Kind.STRING, 1),
    DS(Kind.STRING, 1),
    DT(Kind.STRING, 1),
    FD(Kind.BINARY, 8),
    FL(Kind.BINARY, 4),
    IS(Kind.STRING, 1),
    LO(Kind.TEXT, 1),
    LT(Kind.TEXT, 1),
    OB(Kind.LONG_BINARY, 1),
    OD(Kind.LONG_BINARY, 8),
    OF(Kind.LONG_BINARY, 4),
    OL(Kind.LONG_BINARY, 4),
    OV(Kind.LONG_BINARY, 8),
    OW(Kind.LONG_BINARY, 2),
    PN(Kind.TEXT, 1),
    SH(Kind.TEXT, 1),
    SL(Kind.BINARY, 4),
    SQ(Kind.SEQUENCE, 1),
    SS(Kind.BINARY, 2),
    ST(Kind.TEXT, 1),
    SV(Kind.LONG_BINARY, 8),
    TM(Kind.STRING, 1),
    UC(Kind.LONG_TEXT, 1),
    UI(Kind.STRING, 1),
    UL(Kind.BINARY, 4),
    UN(Kind.LONG_BINARY, 1),
    UR(Kind.LONG_STRING, 1),
    US(Kind.BINARY, 2),
    UT(Kind.LONG_TEXT, 1),
    UV(Kind.LONG_BINARY, 8);

    private enum Kind {
        STRING,
        LONG_STRING,
        TEXT,
        LONG_TEXT,
        BINARY,
        LONG_BINARY,
        SEQUENCE
    }

    private static final VR[] BY_CODE = new VR[1 << 16];

    static {
        for (VR vr : values()) {
            BY_CODE[vr.code] = vr;
        }
    }

    private final Kind kind;
    private final int unit;
    private final int code;

    VR(Kind kind, int unit) {
        this.kind = kind;
        this.unit = unit;
        this.code = name().charAt(0) << 8 | name().charAt(1);
    }

    /**
     * The VR written as these two bytes.
     *
     * @param code first byte in bits 15-8, second in bits 7-0
     * @return {@code null} where no VR is written so
     */
    public static VR ofCode(int code) {
        return BY_CODE[code & 0xFFFF];
    }

    /** The two characters of this VR, the first in bits 15-8. */
    public int code() {
        return code;
    }

    /** Whether an Explicit VR element of this kind has two reserved bytes and a 32-bit length (PS3.5 §7.1.2). */
    public boolean hasLongLength() {
        return switch (kind) {
            case LONG_BINARY, LONG_TEXT, LONG_STRING, SEQUENCE -> true;
            default -> false;
        };
    }

    /** Bytes of one number, which is what changes place between byte orders; 1 for what has no byte order. */
    public int unit() {
        return unit;
    }

    /** Whether values are characters, of the default repertoire or of Specific Character Set. */
    public boolean isString() {
        return kind == Kind.STRING || kind == Kind.LONG_STRING || isText();
    }

    /** Whether values are encoded in Specific Character Set (PS3.5 §6.1.2.3). */
    public boolean isText() {
        return kind == Kind.TEXT || kind == Kind.LONG_TEXT;
    }

    /** Whether a backslash separates values; in ST, LT, UT and UR it is a character like any other. */
    public boolean isMultiValued() {
        return isString() && this != ST && this != LT && this != UT && this != UR;
    }

    /** The byte that pads a value to even length (PS3.5 §6.2). */
    public byte padding() {
        return isString() && this != UI ? (byte) ' ' : 0;
    }
}
