package org.imagingingestion.dicom;

/**
 * An element whose value is elsewhere, under a URI that the JSON model or native XML gave (PS3.18 §F.2.6, PS3.19 §A.1.5).
 * It has no encoding in a data set: the value has to be fetched before the data set is written.
 */
public final class BulkDataReference extends Element {
    private final String uri;

    public BulkDataReference(int tag, VR vr, String uri) {
        super(tag, vr);
        this.uri = uri;
    }

    /** As given: absolute, or relative to where the metadata came from; never checked. */
    public String uri() {
        return uri;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }
}
