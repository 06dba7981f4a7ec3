package io.nova.job.options;

import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * Whether and how admitted events go to a topic of their own.
 *
 * @param topic the topic; empty for none
 * @param delivery at least once or exactly once
 * @param transactionTimeout time after which the brokers abort a transaction that nobody committed;
 *     for exactly once
 */
public record AdmittedSettings(
    String topic, DeliveryGuarantee delivery, Duration transactionTimeout) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** Checkpoint intervals that fit into a transaction at least. */
  private static final int INTERVALS = 4;

  private static final List<DeliveryGuarantee> DELIVERIES =
      List.of(DeliveryGuarantee.AT_LEAST_ONCE, DeliveryGuarantee.EXACTLY_ONCE);

  /**
   * The settings that options give.
   *
   * @throws IllegalArgumentException if the delivery is unknown, or if a transaction would time out
   *     before its checkpoint
   */
  static AdmittedSettings of(ReadableConfig options) {
    AdmittedSettings settings =
        new AdmittedSettings(
            options.get(NovaOptions.ADMITTED_TOPIC).strip(),
            delivery(options.get(NovaOptions.ADMITTED_DELIVERY).strip()),
            options.get(NovaOptions.ADMITTED_TRANSACTION_TIMEOUT));
    if (settings.exactlyOnce()) {
      mustOutlastCheckpoints(settings, options.get(NovaOptions.CHECKPOINT_INTERVAL));
    }
    return settings;
  }

  private static DeliveryGuarantee delivery(String name) {
    return DELIVERIES.stream()
        .filter(delivery -> delivery.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                OptionChecks.wrong(
                    NovaOptions.ADMITTED_DELIVERY,
                    '"' + name + '"',
                    "at-least-once or exactly-once"));
  }

  private static void mustOutlastCheckpoints(AdmittedSettings settings, Duration interval) {
    Duration least = interval.multipliedBy(INTERVALS);
    Duration timeout = settings.transactionTimeout;
    if (timeout.compareTo(least) < 0 || timeout.toMillis() > Integer.MAX_VALUE) {
      throw OptionChecks.wrong(
          NovaOptions.ADMITTED_TRANSACTION_TIMEOUT,
          timeout,
          "four times %s (%s) to 24 d"
              .formatted(NovaOptions.CHECKPOINT_INTERVAL.key(), OptionTable.text(interval)));
    }
  }

  /**
   * The longest time that a checkpoint may take with exactly-once delivery. The transaction of a
   * savepoint is committed by the checkpoint after it, so it waits for two intervals and two
   * checkpoints.
   *
   * @param interval the time from one checkpoint to the next
   */
  public Duration longestCheckpoint(Duration interval) {
    return transactionTimeout.dividedBy(2).minus(interval);
  }

  /** Whether there is such a topic. */
  public boolean on() {
    return !topic.isEmpty();
  }

  /** Whether each checkpoint writes its events in a transaction. */
  public boolean exactlyOnce() {
    return on() && delivery == DeliveryGuarantee.EXACTLY_ONCE;
  }

  /**
   * The prefix of the transactions of a table's jobs. Another table has another one, so two jobs do
   * not abort each other's transactions. A job of the same table aborts those of the run before.
   *
   * @param fingerprintKey the key of the table, which nobody can compute from the prefix
   */
  public static String transactionalIdPrefix(String fingerprintKey) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("admitted " + fingerprintKey).getBytes(StandardCharsets.UTF_8));
      return "nova-admitted-" + HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
