package io.nova.kafka.batches.client;

import io.nova.event.identity.Fingerprint;
import io.nova.kafka.batches.client.LateRowReader.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Chooses the late events of a batch that the batch layer adds. Each identity is added once within
 * its dedup window, and only if its identity has no admitted row within the window. That holds for
 * events without {@code mayBeCopy} too: after a restore, or with a later upload time, a copy may
 * have been admitted since. Not thread safe.
 */
public final class LateChoice {
  private final List<LateRow> offered;
  private final Map<Fingerprint, List<LateRow>> left = new HashMap<>();

  /**
   * Offers late events.
   *
   * @param offered in the order in which the first of several copies is chosen
   */
  public LateChoice(List<LateRow> offered) {
    this.offered = List.copyOf(offered);
    this.offered.forEach(
        late -> left.computeIfAbsent(late.fingerprint(), one -> new ArrayList<>()).add(late));
  }

  /** Notes an admitted row. Late events that are stored beside copies stay. */
  public void noteAdmitted(Stored row) {
    drop(row, late -> !late.beside());
  }

  /** Notes a late row that the batch layer has in another batch. */
  public void noteLate(Stored row) {
    drop(row, late -> true);
  }

  private void drop(Stored row, Predicate<LateRow> which) {
    List<LateRow> copies = left.get(row.fingerprint());
    if (copies != null) {
      copies.removeIf(which.and(late -> late.isNear(row.interval())));
    }
  }

  /** The chosen events. */
  public List<LateRow> chosen() {
    Map<Fingerprint, List<LateRow>> chosen = new HashMap<>();
    List<LateRow> inOrder = new ArrayList<>();
    for (LateRow late : offered) {
      List<LateRow> copies = chosen.computeIfAbsent(late.fingerprint(), one -> new ArrayList<>());
      if (left.getOrDefault(late.fingerprint(), List.of()).contains(late)
          && copies.stream().noneMatch(copy -> late.isNear(copy.interval()))) {
        copies.add(late);
        inOrder.add(late);
      }
    }
    return inOrder;
  }
}
