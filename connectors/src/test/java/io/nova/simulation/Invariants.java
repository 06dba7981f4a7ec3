package io.nova.simulation;

import io.nova.event.Tally;
import io.nova.shard.Admission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The invariants of docs/internals/invariants.md that hold for what shards decide, by name. */
final class Invariants {
  private Invariants() {}

  /** Invariant 1: never guessed, and never too late because another partition was read faster. */
  static void invariant1AdmittedOnlyWhileEveryPlaceIsKnown(
      Measures measures, Oracle oracle, SimulatedMessage message, Admission actual) {
    boolean known = oracle.everyPlaceIsKnown(message);
    if (actual.admitted() && !known) {
      throw new AssertionError(
          "invariant 1: admitted, though a place of a copy is forgotten: " + message);
    }
    if (actual == Admission.UNKNOWN && known) {
      throw new AssertionError("invariant 1: unknown, though nothing is forgotten: " + message);
    }
    if ((actual == Admission.TOO_LATE) != message.isTooLate(measures)) {
      throw new AssertionError(
          "invariant 3: too late must follow the event's own partition, found %s: %s"
              .formatted(actual, message));
    }
  }

  /** Invariant 2: per app and in total, at a checkpoint. */
  static void invariant2ReceivedIsAdmittedPlusDuplicatePlusRejected(
      Iterable<SimulatedMessage> read, Map<SimulatedMessage, Admission> outcomes, Tally tally) {
    tally
        .byApp()
        .forEach(
            (app, counts) -> {
              if (counts.undecided() != 0) {
                throw new AssertionError(
                    "invariant 2: app "
                        + app
                        + " has "
                        + counts.undecided()
                        + " without an outcome");
              }
            });
    Map<String, long[]> plain = new HashMap<>();
    for (SimulatedMessage message : read) {
      long[] counts = plain.computeIfAbsent(message.received().app, app -> new long[3]);
      counts[0]++;
      Admission outcome = outcomes.get(message);
      counts[1] += outcome != null && outcome.admitted() ? 1 : 0;
      counts[2] += outcomes.get(message) == Admission.DUPLICATE ? 1 : 0;
    }
    plain.forEach(
        (app, counts) -> {
          Tally.Counts found = tally.of(app);
          if (found.received != counts[0]
              || found.admitted != counts[1]
              || found.duplicates != counts[2]) {
            throw new AssertionError(
                "invariant 2: the counters of app " + app + " are not what happened");
          }
        });
  }

  /** Invariant 3: the decision is that of an oracle which replays the shard's order. */
  static void invariant3DecisionIsTheOracles(
      SimulatedMessage message, Admission actual, Admission expected) {
    if (actual != expected) {
      throw new AssertionError(
          "invariant 3: " + actual + ", the oracle says " + expected + ": " + message);
    }
  }

  /** Invariant 3: no two admitted copies within the window, and a reason for each copy left out. */
  static void invariant3AdmittedCopiesLieApartAndDuplicatesHaveOne(
      Map<SimulatedMessage, Admission> outcomes) {
    Map<String, List<SimulatedMessage>> admitted = new HashMap<>();
    Rows.admitted(outcomes)
        .forEach(m -> admitted.computeIfAbsent(m.identity(), i -> new ArrayList<>()).add(m));
    admitted
        .values()
        .forEach(
            copies ->
                copies.forEach(one -> copies.forEach(other -> mustLieApart(one, other, outcomes))));
    outcomes.forEach(
        (message, outcome) -> {
          boolean near =
              admitted.getOrDefault(message.identity(), List.of()).stream()
                  .anyMatch(copy -> near(copy, message));
          boolean leftOut = outcome == Admission.DUPLICATE || outcome == Admission.CONFLICTING;
          if (leftOut && !near) {
            throw new AssertionError("invariant 3: dropped without an admitted copy: " + message);
          }
        });
  }

  private static boolean near(SimulatedMessage one, SimulatedMessage other) {
    return Math.abs(one.interval() - other.interval()) <= other.windowBlocks();
  }

  private static void mustLieApart(
      SimulatedMessage one, SimulatedMessage other, Map<SimulatedMessage, Admission> outcomes) {
    if (one.equals(other) || !near(one, other)) {
      return;
    }
    boolean marked =
        outcomes.get(one) == Admission.ADMITTED_BESIDE
            || outcomes.get(other) == Admission.ADMITTED_BESIDE;
    if (!marked || one.payload().equals(other.payload())) {
      throw new AssertionError("invariant 3: two admitted copies: " + one + " and " + other);
    }
  }

  /**
   * Invariant 4: the batch layer has what is handed off: the event, or an admitted copy. What the
   * former run has rejected it has reported.
   */
  static void invariant4HandedOffIsWithTheBatchLayer(
      Map<SimulatedMessage, Admission> outcomes, Collection<SimulatedTag> tags) {
    outcomes.forEach(
        (message, outcome) -> {
          if (outcome == Admission.HANDED_OFF
              && tags.stream().noneMatch(tag -> hasDecided(tag, message, tags))) {
            throw new AssertionError("invariant 4: handed off, but nobody has it: " + message);
          }
        });
  }

  private static boolean hasDecided(
      SimulatedTag tag, SimulatedMessage message, Collection<SimulatedTag> tags) {
    Admission former = tag.outcomes().get(message);
    if (former == null || !tag.hasRead(message) || message.interval() >= tag.end()) {
      return false;
    }
    boolean leftOut = former == Admission.DUPLICATE || former == Admission.CONFLICTING;
    boolean rejected = !former.admitted() && !leftOut;
    return rejected
        || tags.stream()
            .flatMap(one -> one.rows().stream())
            .anyMatch(row -> row.identity().equals(message.identity()) && near(row, message));
  }

  /** Invariant 4 of what is in memory and sealed: every admitted event once, its row as it was. */
  static void invariant4OpenAndSealedRowsAreTheAdmitted(
      Map<SimulatedMessage, Admission> outcomes, List<Rows.Row> rows) {
    Set<SimulatedMessage> missing = Rows.admitted(outcomes);
    for (Rows.Row row : rows) {
      if (!missing.remove(row.message())) {
        throw new AssertionError("invariant 4: a row twice, or never admitted: " + row.message());
      }
      row.mustBeAsOffered(outcomes.get(row.message()));
    }
    if (!missing.isEmpty()) {
      throw new AssertionError("invariant 4: rows are missing: " + missing);
    }
  }
}
