package org.imagingingestion.camel.dimse;

import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Message;

/** Hears of the operations that peers ask for, to trace them say. There may be one in the registry; it is called by many threads. */
public interface DimseListener {
    /**
     * An operation begins.
     *
     * @return the W3C trace context that its route is to have as the header traceparent; {@code null} for none
     */
    String begun(Association association, Message request);

    /** It has ended. @param request with its {@link Message#status()}, {@code null} where the association ended before */
    void ended(Association association, Message request);
}
