package io.nova.job.options;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * How batches close and leave.
 *
 * @param topic topic of requests and answers
 * @param acceptedTopicId Kafka's id of a topic that the job may read from its beginning although it
 *     knows another one; empty for none
 * @param closeDelay upload time after a batch's end at which it closes without a request
 * @param grace time after which the files of a completed batch leave the table
 * @param requireAudit whether a completion needs the batch layer's figures
 * @param retired partitions of the events that no close waits for
 */
public record HandoffSettings(
    String topic,
    String acceptedTopicId,
    Duration closeDelay,
    Duration grace,
    boolean requireAudit,
    Set<Integer> retired)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The settings that checked options give. */
  static HandoffSettings of(CheckedOptions options) {
    return new HandoffSettings(
        options.get(NovaOptions.BATCHES_TOPIC),
        options.get(NovaOptions.ACCEPT_BATCHES_TOPIC).strip(),
        options.get(NovaOptions.CLOSE_DELAY),
        options.get(NovaOptions.GRACE),
        options.get(NovaOptions.REQUIRE_AUDIT),
        options.retiredPartitions());
  }
}
