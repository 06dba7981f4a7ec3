package io.nova.job.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Offer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps come from messages: whoever writes to the topic may invent new ones. */
class IntakeAppsTest {
  @TempDir private Path folder;

  private static Received event(long app) {
    Received received = new Received();
    received.app = Long.toString(app);
    received.event = new Offer();
    received.event.app = received.app;
    return received;
  }

  private static Received rejected(long app) {
    Received received = new Received();
    received.app = Long.toString(app);
    received.rejected = Rejected.of(RejectReason.TOO_EARLY, "early", "events", 0, 0, new byte[0]);
    return received;
  }

  /** The apps of the events sent on, and the apps that they count as. */
  private static Set<String> countedAs(IntakeHarness intake) {
    Set<String> names = new TreeSet<>();
    for (ShardMessage message : intake.sent()) {
      if (message.event != null) {
        names.add(message.event.app + " as " + message.event.countedAs);
      }
    }
    return names;
  }

  @Test
  void talliesTellALimitedNumberOfAppsApart() throws Exception {
    try (IntakeHarness intake = new IntakeHarness(folder, 1, 0, null)) {
      for (long app = 0; app < 20_000; app++) {
        intake.read(event(app));
        intake.read(rejected(-1 - app));
      }
      intake.read(event(7));

      Tally tally = intake.tally();
      assertThat(tally.byApp()).hasSize(CountedApps.MOST + 1);
      assertThat(tally.total().received).isEqualTo(40_001);
      assertThat(tally.of("7").received).isEqualTo(2);
      assertThat(tally.of(Tally.OTHER_APPS).received).isEqualTo(40_000 - CountedApps.MOST);
      assertThat(countedAs(intake)).contains("7 as 7", "19999 as other").hasSize(20_000);
    }
  }

  /** Shards count by the name that the intake gave, so the sum is closed for each name. */
  @Test
  void appsToldApartStaySoAndAreFewThroughRestoresAndRescales() throws Exception {
    List<OperatorSubtaskState> states = new ArrayList<>();
    try (IntakeHarness intake = new IntakeHarness(folder, 1, 0, null)) {
      for (long app = 0; app < 400; app++) {
        intake.read(event(app));
      }
      states.add(intake.snapshot());
    }
    long next = 1000;
    for (int round = 0; round < 6; round++) {
      int now = states.size() == 1 ? 4 : 1;
      List<OperatorSubtaskState> before = List.copyOf(states);
      states.clear();
      Set<String> told = new TreeSet<>();
      for (int number = 0; number < now; number++) {
        OperatorSubtaskState own = IntakeHarness.part(before, now, number);
        try (IntakeHarness intake = new IntakeHarness(folder, now, number, own)) {
          intake.read(event(7));
          for (int i = 0; i < 1000; i++) {
            intake.read(event(next++));
          }
          assertThat(countedAs(intake)).contains("7 as 7");
          told.addAll(intake.tally().byApp().keySet());
          states.add(intake.snapshot());
        }
      }
      assertThat(told).hasSizeLessThanOrEqualTo(4 * CountedApps.MOST);
    }
  }
}
