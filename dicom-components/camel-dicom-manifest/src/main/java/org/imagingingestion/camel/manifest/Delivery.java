package org.imagingingestion.camel.manifest;

import org.imagingingestion.dicom.event.CloudEvent;

/**
 * An event that a subscription is to be told of.
 *
 * @param partition events of one are told in the order of {@code seq}
 * @param attempts that failed
 */
record Delivery(int shard, long partition, long seq, int attempts, CloudEvent event) {}
