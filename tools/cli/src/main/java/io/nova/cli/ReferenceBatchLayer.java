package io.nova.cli;

import io.nova.cli.batch.BatchRun;
import io.nova.cli.batch.BatchRunResult;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.process.CommandException;
import io.nova.cli.run.BatchLayer;
import io.nova.cli.run.JobOptions;
import io.nova.cli.run.ProgressDisplay;
import io.nova.iceberg.CatalogAddress;
import io.nova.kafka.batches.client.BatchResult.State;
import io.nova.kafka.batches.client.KafkaRequestTopic;
import io.nova.kafka.batches.client.LateEvents;
import java.time.Duration;
import java.util.Map;

/** The batch layer of a local cluster: what {@code nova batch run} does. */
final class ReferenceBatchLayer implements BatchLayer {
  private static final Duration WAIT = Duration.ofMinutes(2);

  private final BatchRun run;
  private final ProgressDisplay display;

  ReferenceBatchLayer(LocalCluster cluster, JobOptions job, ProgressDisplay display) {
    Map<String, String> noSettings = Map.of();
    String brokers = cluster.bootstrapServers();
    this.run =
        new BatchRun(
            cluster.sql(),
            CatalogAddress.hadoop(cluster.warehouse()),
            new KafkaRequestTopic(brokers, LocalCluster.BATCHES, noSettings),
            new LateEvents(brokers, LocalCluster.REJECTED, noSettings),
            job,
            WAIT);
    this.display = display;
  }

  @Override
  public void run(long batch) {
    BatchRunResult result = run.run(batch, line -> display.say("  " + line));
    if (result.state() != State.COMPLETED) {
      throw new CommandException(
          "Batch %s is %s, expected completed. %s"
              .formatted(result.name(), result.state().title(), result.detail()));
    }
  }
}
