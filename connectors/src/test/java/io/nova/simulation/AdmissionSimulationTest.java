package io.nova.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.Admission;
import io.nova.shard.ConflictRule;
import io.nova.shard.SealedBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Admission under stalls, idleness, crashes, old savepoints, rescales, forgotten fingerprints,
 * early eviction, closes and handoffs. docs/internals/testing.md says how to run one seed.
 */
class AdmissionSimulationTest {
  private static final int SEEDS = 200;
  private static final int MESSAGES = 700;

  /** One run of the job over a topic. */
  private static final class World {
    private final Random random;
    private final Measures measures;
    private final Topic topic;
    private final SimulatedJob job;
    private final Rows rows;
    private final List<Savepoint> savepoints = new ArrayList<>();
    private List<Rows.Row> sealed = new ArrayList<>();
    private final boolean forgetful;
    private final boolean closing;

    /** The batches that the batch layer has; no restore changes them. */
    private final TreeMap<Long, SimulatedTag> completed = new TreeMap<>();

    private List<SimulatedTag> closed = List.of();
    private List<Integer> lineage = List.of(0);

    /** A checkpoint: also its tags, those that it honors included, and its lineage. */
    private record Savepoint(
        SimulatedJob.Cut cut,
        List<Rows.Row> sealed,
        List<SimulatedTag> closed,
        List<Integer> lineage) {
      int id() {
        return lineage.get(lineage.size() - 1);
      }

      /** Whether it has the tag, or is from before the close of the batch on the tag's branch. */
      boolean fits(SimulatedTag tag) {
        boolean before = closed.stream().noneMatch(one -> one.batch() == tag.batch());
        return closed.contains(tag) || (before && tag.lineage().contains(id()));
      }
    }

    World(Measures measures, Topic topic, long seed, Trace trace) {
      this(measures, topic, seed, false, false, trace);
    }

    World(
        Measures measures,
        Topic topic,
        long seed,
        boolean forgetful,
        boolean closing,
        Trace trace) {
      this.measures = measures;
      this.topic = topic;
      this.random = new Random(seed);
      this.rows = new Rows(topic);
      this.job = new SimulatedJob(measures, topic, random, trace, this::leave);
      this.forgetful = forgetful;
      this.closing = closing;
      savepoints.add(new Savepoint(job.beginning(), List.of(), closed, lineage));
      job.start(job.beginning(), false);
    }

    private void leave(long interval, List<SealedBlock> blocks) {
      blocks.forEach(block -> sealed.addAll(rows.of(block)));
    }

    Map<SimulatedMessage, Admission> run() {
      int restores = 12;
      while (!job.hasReadAll()) {
        for (int i = 0; i < 10; i++) {
          job.step();
        }
        if (closing && random.nextInt(30) == 0) {
          job.close();
        }
        if (random.nextInt(12) == 0) {
          checkpoint();
        }
        if (restores > 0 && random.nextInt(40) == 0) {
          restores--;
          restore();
        }
      }
      checkpoint();
      job.drain();
      checkpoint();
      return job.outcomes();
    }

    private void checkpoint() {
      SimulatedJob.Cut cut = job.checkpoint();
      lineage = with(lineage, savepoints.size());
      tag(cut);
      List<Rows.Row> all = new ArrayList<>(sealed);
      cut.states().forEach(state -> all.addAll(rows.inLog(state)));
      all.removeIf(row -> isCompleted(row.message()));
      Map<SimulatedMessage, Admission> ours = new HashMap<>(cut.outcomes());
      ours.keySet().removeIf(this::isCompleted);
      Invariants.invariant4OpenAndSealedRowsAreTheAdmitted(ours, all);
      Map<SimulatedMessage, Admission> everywhere = new HashMap<>(cut.outcomes());
      completed
          .values()
          .forEach(tag -> tag.rows().forEach(row -> everywhere.put(row, tag.outcomes().get(row))));
      Invariants.invariant3AdmittedCopiesLieApartAndDuplicatesHaveOne(everywhere);
      Invariants.invariant4HandedOffIsWithTheBatchLayer(cut.outcomes(), completed.values());
      savepoints.add(new Savepoint(cut, List.copyOf(sealed), closed, lineage));
      if (random.nextInt(3) == 0) {
        complete();
      }
    }

    private static <T> List<T> with(List<T> list, T last) {
      List<T> longer = new ArrayList<>(list);
      longer.add(last);
      return List.copyOf(longer);
    }

    /** Makes the tags of the batches that this checkpoint is the first to have closed. */
    private void tag(SimulatedJob.Cut cut) {
      if (job.closedUpTo().isEmpty()) {
        return;
      }
      TreeMap<Long, Set<SimulatedMessage>> byBatch = new TreeMap<>();
      long upTo = job.closedUpTo().getAsLong();
      byBatch.put(upTo, new HashSet<>());
      Rows.admitted(cut.outcomes())
          .forEach(
              row ->
                  byBatch
                      .computeIfAbsent(measures.batchOf(row.uploadMicros()), b -> new HashSet<>())
                      .add(row));
      long last = closed.isEmpty() ? Long.MIN_VALUE : closed.get(closed.size() - 1).batch();
      byBatch
          .headMap(upTo, true)
          .tailMap(last, false)
          .forEach((batch, rows) -> closed = with(closed, tag(batch, cut, rows)));
    }

    private SimulatedTag tag(long batch, SimulatedJob.Cut cut, Set<SimulatedMessage> rows) {
      return new SimulatedTag(
          batch,
          (batch + 1) * measures.batchBlocks(),
          topic.offsets(cut.positions()),
          lineage,
          rows,
          cut.outcomes());
    }

    /** The batch layer takes the next closed batch. */
    private void complete() {
      closed.stream()
          .filter(tag -> completed.isEmpty() || tag.batch() > completed.lastKey())
          .findFirst()
          .ifPresent(tag -> completed.put(tag.batch(), tag));
    }

    private boolean isCompleted(SimulatedMessage message) {
      return !completed.isEmpty()
          && measures.batchOf(message.uploadMicros()) <= completed.lastKey();
    }

    /** Restores the last checkpoint mostly; else an older one, perhaps of an abandoned branch. */
    private void restore() {
      List<Savepoint> fitting =
          savepoints.stream().filter(s -> completed.values().stream().allMatch(s::fits)).toList();
      int reach = closing ? fitting.size() : Math.min(8, fitting.size());
      int back = random.nextInt(10) < 6 ? 1 : 1 + random.nextInt(reach);
      Savepoint savepoint = fitting.get(fitting.size() - back);
      sealed = new ArrayList<>(savepoint.sealed);
      lineage = savepoint.lineage;
      closed = savepoint.closed;
      job.start(savepoint.cut, forgetful && random.nextInt(3) == 0);
      List<SimulatedTag> honored =
          completed.values().stream().filter(tag -> !savepoint.closed.contains(tag)).toList();
      if (!honored.isEmpty()) {
        job.handOff(honored);
        honored.forEach(tag -> closed = with(closed, tag));
      }
    }
  }

  @Test
  void everyDecisionIsTheOraclesThroughStallsCrashesAndOldSavepoints() {
    Set<Admission> seen = new HashSet<>();
    Seeds.run(
        SEEDS,
        (seed, trace) -> {
          Measures measures = Measures.draw(seed, MESSAGES);
          Topic topic = Topic.draw(measures, seed);
          World world = new World(measures, topic, seed, seed % 2 == 0, seed % 3 > 0, trace);
          seen.addAll(world.run().values());
        });
    if (Seeds.asByDefault()) {
      assertThat(seen).containsExactlyInAnyOrder(Admission.values());
    }
  }

  @Test
  void invariant3ReadSpeedAndFailuresDecideNothingAboutCopiesOfOneUploadTimeOrPartition() {
    Seeds.run(
        SEEDS / 4,
        (seed, trace) -> {
          Measures measures = Measures.draw(seed, MESSAGES);
          Topic topic = Topic.draw(measures, seed);
          Map<SimulatedMessage, Admission> one = new World(measures, topic, seed, trace).run();
          Map<SimulatedMessage, Admission> other =
              new World(measures, topic, seed + 1_000_000, trace).run();
          assertThat(tooLate(one)).isEqualTo(tooLate(other));
          Set<String> alike = comparable(topic, one, other);
          assertThat(places(one, alike)).isEqualTo(places(other, alike));
        });
  }

  @Test
  void invariant3AnyInterleavingAdmitsTheSameIdentitiesWhereAllCopiesLieWithinOneWindow() {
    int[] compared = {0};
    Seeds.run(
        SEEDS / 4,
        (seed, trace) -> {
          Measures measures = Measures.draw(seed, MESSAGES);
          Topic topic = Topic.draw(measures, seed);
          Map<SimulatedMessage, Admission> one = new World(measures, topic, seed, trace).run();
          Map<SimulatedMessage, Admission> other =
              new World(measures, topic, seed + 2_000_000, trace).run();
          Set<String> near = withinOneWindow(topic, one, other);
          compared[0] += near.size();
          assertThat(admitted(one, near)).isEqualTo(admitted(other, near));
          near.forEach(identity -> assertThat(admittedOnce(one, identity)).isTrue());
        });
    if (Seeds.asByDefault()) {
      assertThat(compared[0]).isGreaterThan(1000);
    }
  }

  private static Set<SimulatedMessage> tooLate(Map<SimulatedMessage, Admission> outcomes) {
    Set<SimulatedMessage> late = new HashSet<>(outcomes.keySet());
    late.removeIf(message -> outcomes.get(message) != Admission.TOO_LATE);
    return late;
  }

  /**
   * Identities with several copies, all within one window of each other, none rejected, and all of
   * them tracked or none.
   */
  private static Set<String> withinOneWindow(
      Topic topic, Map<SimulatedMessage, Admission> one, Map<SimulatedMessage, Admission> other) {
    Map<String, List<SimulatedMessage>> copies = new HashMap<>();
    topic.all().stream()
        .filter(SimulatedMessage::isEvent)
        .forEach(m -> copies.computeIfAbsent(m.identity(), i -> new ArrayList<>()).add(m));
    Set<String> near = new TreeSet<>();
    copies.forEach(
        (identity, messages) -> {
          long first = messages.stream().mapToLong(SimulatedMessage::interval).min().orElseThrow();
          long last = messages.stream().mapToLong(SimulatedMessage::interval).max().orElseThrow();
          boolean decided =
              messages.stream().allMatch(m -> isTaken(one.get(m)) && isTaken(other.get(m)));
          boolean alike = messages.stream().map(SimulatedMessage::tracked).distinct().count() == 1;
          if (decided
              && alike
              && messages.size() > 1
              && last - first <= messages.get(0).windowBlocks()) {
            near.add(identity);
          }
        });
    return near;
  }

  private static boolean isTaken(Admission outcome) {
    return outcome.admitted() || outcome == Admission.DUPLICATE;
  }

  /**
   * The admitted ones of these identities, with the payload where each payload is admitted once.
   */
  private static Set<String> admitted(
      Map<SimulatedMessage, Admission> outcomes, Set<String> identities) {
    Set<String> admitted = new TreeSet<>();
    for (SimulatedMessage message : Rows.admitted(outcomes)) {
      if (identities.contains(message.identity())) {
        boolean all = message.rule() == ConflictRule.KEEP_BOTH && message.tracked();
        admitted.add(message.identity() + (all ? message.payload() : ""));
      }
    }
    return admitted;
  }

  private static boolean admittedOnce(Map<SimulatedMessage, Admission> outcomes, String identity) {
    return Rows.admitted(outcomes).stream()
            .filter(m -> m.identity().equals(identity) && outcomes.get(m) == Admission.ADMITTED)
            .count()
        == 1;
  }

  /** Identities whose copies share an upload time or a partition, none of them too late. */
  private static Set<String> comparable(
      Topic topic, Map<SimulatedMessage, Admission> one, Map<SimulatedMessage, Admission> other) {
    Map<String, Set<Long>> times = new HashMap<>();
    Map<String, Set<Integer>> partitions = new HashMap<>();
    Set<String> late = new HashSet<>();
    for (SimulatedMessage message : topic.all()) {
      times.computeIfAbsent(message.identity(), i -> new HashSet<>()).add(message.uploadMicros());
      partitions.computeIfAbsent(message.identity(), i -> new HashSet<>()).add(message.partition());
      if (one.get(message) == Admission.TOO_LATE || other.get(message) == Admission.TOO_LATE) {
        late.add(message.identity());
      }
    }
    Set<String> alike = new TreeSet<>();
    times.forEach(
        (identity, uploads) -> {
          boolean single = uploads.size() == 1 || partitions.get(identity).size() == 1;
          if (single && !late.contains(identity)) {
            alike.add(identity);
          }
        });
    return alike;
  }

  /** The upload times of the admitted copies of these identities, with repeats. */
  private static List<String> places(
      Map<SimulatedMessage, Admission> outcomes, Set<String> identities) {
    return Rows.admitted(outcomes).stream()
        .filter(message -> identities.contains(message.identity()))
        .map(message -> message.identity() + " at " + message.uploadMicros())
        .sorted()
        .toList();
  }
}
