package io.nova.kafka.batches.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.event.mapping.Mapping;
import io.nova.kafka.PolicyRules;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateRowReaderTest {
  private static final Instant UPLOAD = Instant.parse("2026-11-21T10:00:00Z");

  private static LateEvent late(String original) {
    return new LateEvent("batch_closed", false, UPLOAD, "events", 3, 17, 0, null, original);
  }

  private static LateRowReader reader(String mapping) {
    return new LateRowReader(
        NovaWarehouse.RULES,
        Mapping.of(mapping),
        PolicyRules.always(new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST)));
  }

  @Test
  void anEventThatTheMappingDoesNotReadIsNamedWithItsPlace() {
    assertThatThrownBy(() -> reader("segment").read(late("{\"app\":7}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("events-3, offset 17")
        .hasMessageContaining("mapping segment")
        .hasMessageContaining("Expected the mapping and the policy file of the job");
  }

  @Test
  void anEventWithAnotherUploadTimeIsReadByAnotherMapping() {
    assertThatThrownBy(
            () ->
                reader("amplitude")
                    .read(
                        late(
                            "{\"app\":7,\"uuid\":\"u\",\"server_upload_time\":\"2026-11-21 10:00:01\"}")))
        .hasMessageContaining("another upload time");
  }
}
