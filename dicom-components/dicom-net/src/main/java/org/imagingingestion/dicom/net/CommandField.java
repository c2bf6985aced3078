package org.imagingingestion.dicom.net;

/** The kinds of commands (PS3.7 §E.1, Command Field (0000,0100)). */
public enum CommandField {
    C_STORE(0x0001),
    C_GET(0x0010),
    C_FIND(0x0020),
    C_MOVE(0x0021),
    C_ECHO(0x0030),
    N_EVENT_REPORT(0x0100),
    N_GET(0x0110),
    N_SET(0x0120),
    N_ACTION(0x0130),
    N_CREATE(0x0140),
    N_DELETE(0x0150),
    C_CANCEL(0x0FFF);

    static final int RESPONSE = 0x8000;
    private static final CommandField[] ALL = values();

    private final int request;

    CommandField(int request) {
        this.request = request;
    }

    /** The number of the request. */
    int requestCode() {
        return request;
    }

    /** Whether its class and instance are the requested ones, and not the affected ones (PS3.7 §10.3). */
    boolean isOfRequested() {
        return this == N_GET || this == N_SET || this == N_ACTION || this == N_DELETE;
    }

    static boolean isResponse(int code) {
        return (code & RESPONSE) != 0;
    }

    /** @return {@code null} for a number that is none */
    static CommandField of(int code) {
        for (CommandField field : ALL) {
            if (field.request == (code & ~RESPONSE)) {
                return field;
            }
        }
        return null;
    }

    /** As the standard writes it: {@code C-STORE}. */
    @Override
    public String toString() {
        return name().replace('_', '-');
    }
}
