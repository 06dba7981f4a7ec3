package io.nova.sql.live;

import io.nova.live.protocol.Announcement;
import io.nova.sql.live.Cut.Gap;
import io.nova.sql.live.Cut.View;
import io.nova.sql.live.LiveViews.Answer;
import io.nova.sql.live.LiveViews.Answer.Pinned;
import io.nova.sql.live.LiveViews.Answer.Refused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the cut of a live query: reads the table to learn the run of the job, pins that run's live
 * views, and only then loads the snapshot that is read. What is sealed between a pin and the
 * snapshot is then in the snapshot or in a block file that the view names, and what does not fit
 * together ({@link CutRules}) is seen, and taken anew.
 */
public final class CutProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(CutProtocol.class);

  private final Supplier<TableAt> table;
  private final LiveViews views;
  private final LiveAccess access;
  private final RetryPolicy patience;

  /**
   * A protocol over these views.
   *
   * @param table loads the table anew at each call
   */
  public CutProtocol(
      Supplier<TableAt> table, LiveViews views, LiveAccess access, RetryPolicy patience) {
    this.table = table;
    this.views = views;
    this.access = access;
    this.patience = patience;
  }

  /**
   * The cut. Its leases are the caller's to release.
   *
   * @throws IncompleteReadException where some key groups do not answer and all are wanted; nothing
   *     is pinned then
   */
  public Cut take() {
    while (true) {
      Cut cut = attempt();
      if (cut.gaps().isEmpty()) {
        return cut;
      }
      if (!patience.again()) {
        return incomplete(cut);
      }
      views.release(cut.views());
    }
  }

  private Cut attempt() {
    TableAt before = table.get();
    if (before.mark().isEmpty()) {
      return without(before, "the table has no snapshot of a running job");
    }
    String generation = before.mark().get().generation();
    List<Announcement> announced;
    try {
      announced = views.announced(before.location(), generation);
    } catch (IOException unreadable) {
      return without(before, "the announcements cannot be read: " + unreadable.getMessage());
    }
    return judge(generation, announced, pin(announced));
  }

  private static Cut without(TableAt table, String why) {
    List<Integer> all = table.allShards().boxed().toList();
    return new Cut(
        table.snapshotId(), table.mark(), List.of(), List.of(), List.of(new Gap(all, why)));
  }

  /** Asks those that still serve. */
  private List<Answer> pin(List<Announcement> announced) {
    List<Announcement> serving = announced.stream().filter(subtask -> !subtask.drained()).toList();
    List<Answer> answers = views.pin(serving);
    return announced.stream()
        .map(
            subtask ->
                subtask.drained()
                    ? new Refused("is drained")
                    : answers.get(serving.indexOf(subtask)))
        .toList();
  }

  private Cut judge(String generation, List<Announcement> announced, List<Answer> answers) {
    List<View> used = List.of();
    try {
      Cut cut = new CutRules(generation, table.get(), announced, answers).cut();
      used = cut.views();
      return cut;
    } finally {
      releaseAllBut(used, announced, answers);
    }
  }

  private void releaseAllBut(List<View> used, List<Announcement> announced, List<Answer> answers) {
    ArrayList<View> unused = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) instanceof Pinned pinned) {
        View view = new View(announced.get(i), pinned.view());
        if (!used.contains(view)) {
          unused.add(view);
        }
      }
    }
    views.release(unused);
  }

  private Cut incomplete(Cut cut) {
    String gaps = cut.gaps().stream().map(Gap::toString).collect(Collectors.joining("; "));
    if (access.completeness() == Completeness.AVAILABLE) {
      LOG.warn(
          "Live query of {}: it answers without {} key groups, since these did not answer in full"
              + " for {}: {}",
          table.get().location(),
          cut.shardsMissing(),
          access.patience(),
          gaps);
      return cut;
    }
    views.release(cut.views());
    throw new IncompleteReadException(table.get().location(), access.patience(), gaps);
  }
}
