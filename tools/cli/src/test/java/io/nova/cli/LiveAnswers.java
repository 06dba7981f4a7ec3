package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** The answers so far, and what each further answer must contain because of them. */
final class LiveAnswers {
  /** After this time figures are newer than an answer. */
  private static final long FIGURES_LAG_NANOS = 4_000_000_000L;

  private final LongSupplier admitted;
  private final ArrayDeque<Counted> toBeBounded = new ArrayDeque<>();
  private Set<String> places = Set.of();
  private Set<String> events = Set.of();
  private long committed;
  private long admittedBeforeTheLast;
  private int count;

  /**
   * No answer yet.
   *
   * @param admitted the job's admitted events, by figures that may be old
   */
  LiveAnswers(LongSupplier admitted) {
    this.admitted = admitted;
  }

  /** An answer that the admitted count must reach. */
  private record Counted(long rows, long nanos) {}

  /** The job was restored: other copies may be admitted now, and the counts fall. */
  void wentBack() {
    places = Set.of();
    toBeBounded.clear();
  }

  /** The answer of a query over memory and disk: partition, offset and identity of each event. */
  void check(List<JsonNode> rows, long admittedBefore) {
    count++;
    System.out.printf(
        "live: answer %d has %d rows, %d committed, %d admitted before%n",
        count, rows.size(), committed, admittedBefore);
    Set<String> foundPlaces = new HashSet<>();
    Set<String> foundEvents = new HashSet<>();
    for (JsonNode row : rows) {
      assertThat(foundPlaces.add(row.get(0) + ":" + row.get(1))).as("twice: %s", row).isTrue();
      assertThat(foundEvents.add(row.get(2).asText())).as("twice: %s", row).isTrue();
    }
    // A checkpoint may delay the publishing, but for less than the time of a query.
    boolean afterGoingBack = places.isEmpty();
    assertThat((long) rows.size())
        .as("admitted before")
        .isGreaterThanOrEqualTo(afterGoingBack ? 0 : admittedBeforeTheLast);
    admittedBeforeTheLast = afterGoingBack ? 0 : admittedBefore;
    assertThat(missing(places, foundPlaces)).as("rows of the last answer").isEmpty();
    assertThat(missing(events, foundEvents)).as("events of all answers").isEmpty();
    assertThat((long) rows.size()).as("committed").isGreaterThanOrEqualTo(committed);
    places = foundPlaces;
    events = foundEvents;
    toBeBounded.add(new Counted(rows.size(), System.nanoTime()));
    boundByAdmitted();
  }

  /** AssertJ's own search is quadratic. */
  private static Set<String> missing(Set<String> expected, Set<String> found) {
    Set<String> missing = new HashSet<>(expected);
    missing.removeAll(found);
    return missing;
  }

  private void boundByAdmitted() {
    long now = admitted.getAsLong();
    while (!toBeBounded.isEmpty()
        && System.nanoTime() - toBeBounded.peek().nanos > FIGURES_LAG_NANOS) {
      assertThat(toBeBounded.remove().rows).as("admitted after").isLessThanOrEqualTo(now);
    }
  }

  void checkCommitted(long rows) {
    assertThat(rows).as("committed rows never fall").isGreaterThanOrEqualTo(committed);
    committed = rows;
  }

  /** The number of checked answers. */
  int count() {
    return count;
  }

  /** Partition and offset of each row of the last answer. */
  Set<String> places() {
    return places;
  }
}
