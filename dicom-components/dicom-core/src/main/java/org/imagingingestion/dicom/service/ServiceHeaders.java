package org.imagingingestion.dicom.service;

import java.util.regex.Pattern;

/** Headers that components give each other. */
public final class ServiceHeaders {
    /** The storage space and tenant that an instance is for, in place of the one that the option of an endpoint names. */
    public static final String PROVIDER = "CamelDicomProvider";

    /** AE title of who sent or asks, where that is known. */
    public static final String CALLING_AE_TITLE = "CamelDimseCallingAETitle";

    /** The W3C trace context in which something is asked for. */
    public static final String TRACEPARENT = "traceparent";

    /**
     * Property of an exchange that failed: the SOP Instance UIDs, a {@code Set<String>}, of the instances of its events that are
     * done with all the same.
     */
    public static final String TAKEN = "CamelDicomTaken";

    /**
     * Property of an exchange: an {@link Opened} of what is needed beyond the Kamelet that opened it. The exchange of a Kamelet is done
     * when the Kamelet is left; who began the first one closes it.
     */
    public static final String OPENED = "CamelDicomOpened";

    private static final Pattern TRACE_CONTEXT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private ServiceHeaders() {}

    /** Whether a text, which may be {@code null}, is a {@link #TRACEPARENT} that can be handed on. */
    public static boolean isTraceparent(String text) {
        return text != null && TRACE_CONTEXT.matcher(text).matches();
    }
}
