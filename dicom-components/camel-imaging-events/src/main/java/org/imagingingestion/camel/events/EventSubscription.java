package org.imagingingestion.camel.events;

import org.imagingingestion.dicom.event.DeliveryStatistics;

/** A consumer that a broker tells of events, under a name of its own. */
public interface EventSubscription {
    /** Its name. */
    String subscription();

    /** Events that were delivered here since the start. */
    long delivered();

    /** Attempts that failed here since the start. */
    long failures();

    /** How it gets on here; what is pending is known of brokers that say it. */
    DeliveryStatistics statistics();
}
