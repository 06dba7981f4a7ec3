package io.nova.job.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

/** Users rely on names and defaults. Whoever changes one changes this list too. */
class OptionDefaultsTest {
  private static String line(ConfigOption<?> option) {
    return "%s = %s"
        .formatted(
            option.key(),
            option.hasDefaultValue() ? OptionTable.text(option.defaultValue()) : "(none)");
  }

  @Test
  void everyOptionHasThisNameAndThisDefault() {
    assertThat(NovaOptions.ALL)
        .map(OptionDefaultsTest::line)
        .containsExactlyInAnyOrder(
            "nova.kafka.bootstrap-servers = (none)",
            "nova.kafka.topic = events",
            "nova.kafka.rejected-topic = rejected",
            "nova.kafka.duplicates-topic = duplicates",
            "nova.kafka.batches-topic = batches",
            "nova.kafka.group-id = nova",
            "nova.kafka.client-config = ",
            "nova.kafka.accept-gap = ",
            "nova.mapping = amplitude",
            "nova.value.format = json",
            "nova.value.schema-file = ",
            "nova.registry.url = ",
            "nova.registry.auth-file = ",
            "nova.warehouse = (none)",
            "nova.catalog.type = hadoop",
            "nova.catalog.impl = (none)",
            "nova.catalog.properties-file = (none)",
            "nova.shards = 128",
            "nova.block.interval = 5 min",
            "nova.block.linger = 10 min",
            "nova.dedup.window = 10 min",
            "nova.dedup.largest-window = (none)",
            "nova.event.lateness-limit = 1 d",
            "nova.dedup.state-ttl = (none)",
            "nova.dedup.cache-size = 32 mb",
            "nova.memory.budget = 256 mb",
            "nova.policy.file = ",
            "nova.policy.check-interval = 10 s",
            "nova.ledger = false",
            "nova.admitted.topic = ",
            "nova.admitted.delivery = at-least-once",
            "nova.admitted.transaction-timeout = 15 min",
            "nova.event.too-far-ahead = 5 min",
            "nova.partition.idle-timeout = 10 s",
            "nova.partition.max-drift = 30 min",
            "nova.progress.not-after = ",
            "nova.partition.retired = ",
            "nova.batch.length = 1 d",
            "nova.batch.close-delay = 1 h",
            "nova.batch.grace = 1 d",
            "nova.batch.require-audit = false",
            "nova.batches.accept-topic = ",
            "nova.chunk.target-size = 128 mb",
            "nova.chunk.max-wait = 1 h",
            "nova.chunk.sort-size = 32 mb",
            "nova.checkpoint.interval = 10 s",
            "nova.commit.interval = 1 min",
            "nova.savepoint.retention = 7 d",
            "nova.files.min-age = 1 h",
            "nova.lifecycle.interval = 1 h",
            "nova.live = true",
            "nova.live.ports = 0",
            "nova.live.token = ",
            "nova.live.token-file = ",
            "nova.live.publish-interval = 100 ms",
            "nova.live.max-connections = 256");
  }
}
