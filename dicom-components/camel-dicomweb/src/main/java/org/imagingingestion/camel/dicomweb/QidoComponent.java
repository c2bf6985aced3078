package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.annotations.Component;

/** Makes the endpoints of QIDO-RS. */
@Component("qido")
public class QidoComponent extends DicomwebComponent {
    @Override
    DicomwebEndpoint newEndpoint(String uri, String address) {
        return new QidoEndpoint(uri, this, address);
    }
}
