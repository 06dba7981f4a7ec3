package io.nova.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class NovaMetricsTest {
  private final Map<String, Counter> registered = new TreeMap<>();

  /** Notes counters under their full names. */
  private final class Group extends UnregisteredMetricsGroup {
    private final String prefix;

    Group(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new Group(prefix + name + ".");
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return new Group("%s%s=%s.".formatted(prefix, key, value));
    }

    @Override
    public <C extends Counter> C counter(String name, C counter) {
      registered.put(prefix + name, counter);
      return counter;
    }
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    registered.forEach((name, counter) -> counts.put(name, counter.getCount()));
    return counts;
  }

  private void register(OutcomeCounters outcomes) {
    NovaMetrics metrics = new NovaMetrics(new Group(""));
    metrics.received(outcomes);
    metrics.decided(outcomes);
    metrics.rejected(outcomes, List.of(RejectReason.TOO_LATE, RejectReason.UNKNOWN));
  }

  @Test
  void outcomesAreCountersAndTheReasonIsALabel() {
    OutcomeCounters outcomes = new OutcomeCounters();
    register(outcomes);

    outcomes.received();
    outcomes.admitted();
    outcomes.duplicate();
    outcomes.duplicate();
    outcomes.rejected(RejectReason.TOO_LATE);

    assertThat(counts())
        .containsOnly(
            Map.entry("nova.numEventsReceived", 1L),
            Map.entry("nova.numEventsAdmitted", 1L),
            Map.entry("nova.numDuplicates", 2L),
            Map.entry("nova.reason=too_late.numEventsRejected", 1L),
            Map.entry("nova.reason=unknown.numEventsRejected", 0L));
  }

  @Test
  void countersOfARestoredSubtaskGoOnFromItsTally() {
    Tally stored = new Tally();
    stored.of("1").received = 5;
    stored.of("2").admitted = 3;
    stored.rejected("2", RejectReason.TOO_LATE);
    OutcomeCounters outcomes = new OutcomeCounters();
    outcomes.add(TallyCodec.read(TallyCodec.write(stored)).total());
    register(outcomes);

    outcomes.received();

    assertThat(counts())
        .contains(
            Map.entry("nova.numEventsReceived", 6L),
            Map.entry("nova.numEventsAdmitted", 3L),
            Map.entry("nova.reason=too_late.numEventsRejected", 1L));
  }
}
