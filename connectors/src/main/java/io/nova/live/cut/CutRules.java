package io.nova.live.cut;

import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.cut.Cut.Gap;
import io.nova.live.cut.Cut.View;
import io.nova.live.cut.LiveViews.Answer;
import io.nova.live.cut.LiveViews.Answer.Pinned;
import io.nova.live.cut.LiveViews.Answer.Refused;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rules that decide which pinned views fit a snapshot. The snapshot was loaded after the views
 * were pinned. Each rule prevents that an event is counted twice, or is missed silently.
 *
 * @param generation the run of the job whose views were pinned
 * @param shards number of the table's shards
 * @param committed the cut of the snapshot alone
 * @param announced the subtasks
 * @param answers the answers of the subtasks, in the same order
 */
record CutRules(
    String generation,
    int shards,
    Cut committed,
    List<Announcement> announced,
    List<Answer> answers) {
  /**
   * Checks that there is an answer for each subtask.
   *
   * @throws IllegalArgumentException if not
   */
  CutRules {
    if (announced.size() != answers.size()) {
      throw new IllegalArgumentException(
          "%s subtasks are announced, %s answered".formatted(announced.size(), answers.size()));
    }
  }

  /** The cut of all views that fit. Its gaps name the others. */
  Cut cut() {
    ArrayList<View> views = new ArrayList<>();
    ArrayList<BlockFile> sealed = new ArrayList<>();
    ArrayList<Gap> gaps = new ArrayList<>(unannounced().stream().toList());
    Map<Integer, Long> announcers = announcers();
    for (int i = 0; i < answers.size(); i++) {
      Announcement subtask = announced.get(i);
      Optional<String> problem = problem(subtask, answers.get(i), announcers);
      if (problem.isPresent()) {
        gaps.add(new Gap(shardsOf(subtask.shards()), problem.get()));
      } else if (answers.get(i) instanceof Pinned pinned) {
        views.add(new View(subtask, pinned.view()));
        pinned.view().sealed().stream()
            .filter(file -> blocksInTable(file) == 0)
            .forEach(sealed::add);
        catchingUp(subtask, pinned.view()).ifPresent(gaps::add);
      }
    }
    return committed.with(sealed, views, gaps);
  }

  private Optional<Gap> unannounced() {
    Set<Integer> covered = announcers().keySet();
    List<Integer> left =
        IntStream.range(0, shards).filter(shard -> !covered.contains(shard)).boxed().toList();
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(new Gap(left, "no live view of generation " + generation + " is announced"));
  }

  /** The number of subtasks that announce each key group. */
  private Map<Integer, Long> announcers() {
    HashMap<Integer, Long> announcers = new HashMap<>();
    announced.stream()
        .flatMap(subtask -> subtask.shards().stream())
        .forEach(end -> announcers.merge(end.shard(), 1L, Long::sum));
    return announcers;
  }

  /** Why this view cannot be part of the cut: a sentence that names its subtask. */
  private Optional<String> problem(
      Announcement subtask, Answer answer, Map<Integer, Long> announcers) {
    return answer instanceof Refused refused && !subtask.drained()
        ? Optional.of(refused.reason())
        : misfit(subtask, answer, announcers)
            .map(misfit -> "%s %s".formatted(name(subtask), misfit));
  }

  private Optional<String> misfit(
      Announcement subtask, Answer answer, Map<Integer, Long> announcers) {
    LinkSummary link = committed.link().orElse(null);
    if (link == null || !link.generation().equals(generation)) {
      return Optional.of("is of an earlier run: the job has restarted since");
    }
    List<Integer> twice = shardsOf(subtask.shards());
    twice.removeIf(shard -> announcers.getOrDefault(shard, 0L) == 1);
    if (!twice.isEmpty()) {
      return Optional.of("is not the only one to announce key groups " + KeyGroups.text(twice));
    }
    if (subtask.drained()) {
      return firstProblem(subtask.shards(), end -> drained(end, link));
    }
    return misfit(subtask, ((Pinned) answer).view(), link);
  }

  private Optional<String> misfit(Announcement subtask, PinnedView view, LinkSummary link) {
    if (!view.generation().equals(generation)) {
      return Optional.of("answered for generation " + view.generation());
    }
    if (!shardsOf(view.shards()).equals(shardsOf(subtask.shards()))) {
      return Optional.of(
          "answered for key groups " + KeyGroups.text(shardsOf(view.shards())) + " instead");
    }
    return firstProblem(view.shards(), end -> moved(end, link)).or(() -> torn(view));
  }

  /** The table must have the blocks that the view leaves to it, and none that the view has open. */
  private static Optional<String> moved(ShardEnd end, LinkSummary link) {
    long inTable = link.sequence(end.shard());
    if (inTable < end.inTable()) {
      return Optional.of(
          "leaves blocks of key group %d up to %d to the table, which has them up to %d only"
              .formatted(end.shard(), end.inTable(), inTable));
    }
    return inTable > end.sealed()
        ? Optional.of(
            "reported key group %d as sealed up to %d; by now the table has it up to %d"
                .formatted(end.shard(), end.sealed(), inTable))
        : Optional.empty();
  }

  private static Optional<String> drained(ShardEnd end, LinkSummary link) {
    long inTable = link.sequence(end.shard());
    return inTable == end.sealed()
        ? Optional.empty()
        : Optional.of(
            "was drained with key group %d sealed up to %d; the table has it up to %d"
                .formatted(end.shard(), end.sealed(), inTable));
  }

  /** A file enters the table as a whole, so the snapshot has all of its blocks or none. */
  private Optional<String> torn(PinnedView view) {
    return view.sealed().stream()
        .filter(file -> blocksInTable(file) != 0 && blocksInTable(file) != file.blocks().size())
        .findFirst()
        .map(
            file ->
                "named %s with %d blocks, of which the table has %d"
                    .formatted(file.path(), file.blocks().size(), blocksInTable(file)));
  }

  /** The number of the file's blocks that are in the snapshot. */
  private long blocksInTable(BlockFile file) {
    LinkSummary link = committed.link().orElseThrow();
    return file.blocks().stream()
        .filter(block -> block.sequence() <= link.sequence(block.shard()))
        .count();
  }

  private Optional<Gap> catchingUp(Announcement subtask, PinnedView view) {
    if (view.behind().isEmpty()) {
      return Optional.empty();
    }
    String partitions =
        view.behind().stream()
            .map(
                behind ->
                    "partition %d read to offset %d, served to %d before"
                        .formatted(behind.partition(), behind.readTo(), behind.servedTo()))
            .collect(Collectors.joining("; "));
    return Optional.of(
        new Gap(
            shardsOf(view.shards()), "%s is catching up: %s".formatted(name(subtask), partitions)));
  }

  private static Optional<String> firstProblem(
      List<ShardEnd> ends, Function<ShardEnd, Optional<String>> rule) {
    return ends.stream().flatMap(end -> rule.apply(end).stream()).findFirst();
  }

  private static List<Integer> shardsOf(List<ShardEnd> ends) {
    return ends.stream().map(ShardEnd::shard).sorted().collect(Collectors.toList());
  }

  private static String name(Announcement subtask) {
    return subtask.drained()
        ? "subtask " + subtask.subtask()
        : "subtask %d at %s:%d".formatted(subtask.subtask(), subtask.host(), subtask.port());
  }
}
