package org.imagingingestion.camel.dimse;

import java.util.Set;

/**
 * An application entity elsewhere.
 *
 * @param host {@code null} where only its title is known, so that it may call and is not called
 * @param tls whether to call it by TLS
 * @param operations that it may ask for; empty for all
 * @param provider the storage space and tenant that it stores to and reads from; {@code null} for that of the endpoint
 */
public record RemoteAE(
        String aeTitle, String host, int port, boolean tls, Set<DimseOperation> operations, String provider) {
    boolean may(DimseOperation operation) {
        return operations.isEmpty() || operations.contains(operation);
    }
}
