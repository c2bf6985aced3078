package org.imagingingestion.camel.manifest;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Record what is stored in a PostgreSQL database, search it, find it again, and tell of what happens.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dicom-manifest",
        title = "DICOM Manifest",
        syntax = "dicom-manifest:operation",
        category = {Category.HEALTH, Category.DATABASE},
        headersClass = DicomManifestConstants.class)
public class DicomManifestEndpoint extends DefaultEndpoint {
    @UriParam
    private DicomManifestConfiguration configuration;

    public DicomManifestEndpoint(
            String uri, DicomManifestComponent component, DicomManifestConfiguration configuration) {
        super(uri, component);
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() throws Exception {
        if (configuration.getOperation() == ManifestOperation.events) {
            throw new UnsupportedOperationException("dicom-manifest:events can only be received from");
        }
        return new DicomManifestProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (configuration.getOperation() != ManifestOperation.events) {
            throw new UnsupportedOperationException(
                    "dicom-manifest:" + configuration.getOperation() + " can only be sent to");
        }
        DicomManifestConsumer consumer = new DicomManifestConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public DicomManifestComponent getComponent() {
        return (DicomManifestComponent) super.getComponent();
    }

    public DicomManifestConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DicomManifestConfiguration configuration) {
        this.configuration = configuration;
    }
}
