package org.imagingingestion.camel.manifest;

/** What an endpoint does. */
public enum ManifestOperation {
    /** Records a stored instance: a StoredInstance becomes a RecordOutcome. */
    record,
    /** Finds patients, studies, series or instances: a Query becomes a QueryResult. */
    search,
    /** Finds where instances are, or their metadata: a Retrieval becomes a RetrievalResult. */
    locate,
    /** Gives the sums of a provider: any body becomes ManifestStatistics. */
    statistics,
    /** Finds objects that nothing refers to: names of objects become a list of those not recorded. */
    orphans,
    /** Lists what instances of a study say differently: a Study Instance UID becomes a list of AttributeDisagreement. */
    disagreements,
    /** Deletes instances: a Deletion becomes the number of instances that were there. */
    delete,
    /** Finds objects whose instances were deleted or replaced so long ago that they are to be removed: any body becomes a list of names. */
    removed,
    /** Forgets an object that was removed from the storage space: its name stays the body. */
    forget,
    /** Announces the studies that have settled: any body becomes the number of revisions. */
    revisions,
    /** Tells a route of events. */
    events,
    /** Says how deliveries get on: any body becomes a list of DeliveryStatistics, one a subscription. */
    deliveries,
    /** Lists what was not delivered and is not tried again: any body becomes a list of DeadLetter. */
    deadLetters,
    /** Keeps an event that somebody else could not deliver: a CloudEvent becomes a dead letter of the subscription, and stays the body. */
    bury,
    /** Has events delivered again: any body becomes their number. */
    replay,
    /** Removes a subscription: any body becomes the number of deliveries that were pending. */
    unsubscribe
}
