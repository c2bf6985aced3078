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
    disagreements
}
