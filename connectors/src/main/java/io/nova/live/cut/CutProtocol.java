package io.nova.live.cut;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.cut.Cut.Gap;
import io.nova.live.cut.Cut.View;
import io.nova.live.cut.LiveViews.Answer;
import io.nova.live.cut.LiveViews.Answer.Pinned;
import io.nova.live.cut.LiveViews.Answer.Refused;
import io.nova.live.protocol.Announcement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the cut of a live query in three steps. It reads the table to learn the generation of the
 * job. It pins the live views of that generation. Only then it loads the snapshot that the query
 * reads.
 *
 * <p>A block that is sealed between the pin and the load is therefore in the snapshot, or in a
 * block file that the view names. {@link CutRules} finds views that do not fit the snapshot; the
 * cut is then taken again. The completed batch is loaded with the snapshot. It applies to the views
 * too, however old they are, since it leaves out whole batches. Used by one thread.
 */
public final class CutProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(CutProtocol.class);

  private final String location;
  private final int shards;
  private final Supplier<Cut> committed;
  private final LiveViews views;
  private final LiveAccess access;
  private final RetryPolicy retries;

  /**
   * A protocol over any table.
   *
   * @param location folder of the table
   * @param shards number of the table's shards
   * @param committed loads the current snapshot as a cut without views
   */
  CutProtocol(
      String location,
      int shards,
      Supplier<Cut> committed,
      LiveViews views,
      LiveAccess access,
      RetryPolicy retries) {
    this.location = location;
    this.shards = shards;
    this.committed = committed;
    this.views = views;
    this.access = access;
    this.retries = retries;
  }

  /** A protocol that starts now and retries for {@link LiveAccess#timeout}. */
  public static CutProtocol over(EventTable table, LiveViews views, LiveAccess access) {
    return new CutProtocol(
        table.location(),
        table.rules().shards(),
        () -> Cut.committed(table.refresh().iceberg()),
        views,
        access,
        RetryPolicy.of(access.timeout()));
  }

  /**
   * Takes the cut. The caller releases its leases.
   *
   * @throws IncompleteReadException if the query is strict and some key groups do not answer;
   *     nothing is pinned then
   */
  public Cut take() {
    while (true) {
      Cut cut = attempt();
      if (cut.gaps().isEmpty()) {
        return cut;
      }
      if (!retries.again()) {
        return incomplete(cut);
      }
      views.release(cut.views());
    }
  }

  private Cut attempt() {
    Cut before = committed.get();
    Optional<String> generation = before.link().map(LinkSummary::generation);
    if (generation.isEmpty()) {
      return withoutViews(before, "the table has no snapshot of a running job");
    }
    List<Announcement> announced;
    try {
      announced = views.announced(location, generation.get());
    } catch (IOException unreadable) {
      return withoutViews(before, "the announcements cannot be read: " + unreadable.getMessage());
    }
    return judge(generation.get(), announced, pin(announced));
  }

  private Cut withoutViews(Cut table, String reason) {
    List<Integer> all = IntStream.range(0, shards).boxed().toList();
    return table.with(List.of(), List.of(), List.of(new Gap(all, reason)));
  }

  /** Pins the views of all subtasks that are not drained. */
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
      Cut cut = new CutRules(generation, shards, committed.get(), announced, answers).cut();
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
          "Live query of {}: it answers without {} key groups, which gave no complete answer"
              + " within {}: {}",
          location,
          cut.shardsMissing(),
          access.timeout(),
          gaps);
      return cut;
    }
    views.release(cut.views());
    throw new IncompleteReadException(location, access.timeout(), gaps);
  }
}
