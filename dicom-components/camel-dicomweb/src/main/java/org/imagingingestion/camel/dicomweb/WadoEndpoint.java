package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;

/** Give and get DICOM instances, their metadata, frames and bulk data by WADO-RS, the retrieve transaction of DICOMweb (PS3.18 §10.4). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "wado",
        title = "WADO-RS",
        syntax = "wado:address",
        headersClass = DicomwebConstants.class,
        category = {Category.HEALTH, Category.HTTP})
public class WadoEndpoint extends DicomwebEndpoint {
    @UriParam(label = "consumer", defaultValue = "retrieve", description = "What is answered")
    private WadoOperation operation = WadoOperation.retrieve;

    @UriParam(
            label = "consumer",
            defaultValue = "67108864",
            description = "Bytes of memory, outside the heap, for metadata that is asked for again; 0 keeps none")
    private long metadataCacheSize = 64L << 20;

    public WadoEndpoint(String uri, WadoComponent component, String address) {
        super(uri, component, address);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        DicomwebConsumer consumer =
                switch (operation) {
                    case retrieve -> new WadoConsumer(this, processor);
                    case delete -> new DeletionConsumer(this, processor);
                };
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new WadoProducer(this);
    }

    public WadoOperation getOperation() {
        return operation;
    }

    public void setOperation(WadoOperation operation) {
        this.operation = operation;
    }

    public long getMetadataCacheSize() {
        return metadataCacheSize;
    }

    public void setMetadataCacheSize(long metadataCacheSize) {
        this.metadataCacheSize = metadataCacheSize;
    }
}
