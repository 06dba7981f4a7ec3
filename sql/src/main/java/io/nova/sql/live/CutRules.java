package io.nova.sql.live;

import io.nova.iceberg.commit.SnapshotMark;
import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import io.nova.sql.live.Cut.Gap;
import io.nova.sql.live.Cut.View;
import io.nova.sql.live.LiveViews.Answer;
import io.nova.sql.live.LiveViews.Answer.Pinned;
import io.nova.sql.live.LiveViews.Answer.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges which pinned views go together with a snapshot that was read after they were pinned. Each
 * rule keeps an event from being counted twice, or from being missed in silence.
 *
 * @param generation the run of the job whose views were pinned
 * @param table the table, loaded after the pins
 * @param announced who was asked
 * @param answers what each of them said, in the same order
 */
record CutRules(
    String generation, TableAt table, List<Announcement> announced, List<Answer> answers) {
  CutRules {
    if (announced.size() != answers.size()) {
      throw new IllegalArgumentException(
          "%s subtasks were asked, %s answers came".formatted(announced.size(), answers.size()));
    }
  }

  /** The cut of everything that goes together; the rest is in its gaps. */
  Cut cut() {
    ArrayList<View> views = new ArrayList<>();
    ArrayList<BlockFile> sealed = new ArrayList<>();
    ArrayList<Gap> gaps = new ArrayList<>(unannounced().stream().toList());
    Map<Integer, Long> announcers = announcers();
    for (int i = 0; i < answers.size(); i++) {
      Announcement subtask = announced.get(i);
      Optional<String> problem = problem(subtask, answers.get(i), announcers);
      if (problem.isPresent()) {
        gaps.add(new Gap(shards(subtask.shards()), problem.get()));
      } else if (answers.get(i) instanceof Pinned pinned) {
        views.add(new View(subtask, pinned.view()));
        pinned.view().sealed().stream().filter(file -> held(file) == 0).forEach(sealed::add);
        catchingUp(subtask, pinned.view()).ifPresent(gaps::add);
      }
    }
    return new Cut(table.snapshotId(), table.mark(), sealed, views, gaps);
  }

  private Optional<Gap> unannounced() {
    Set<Integer> covered = announcers().keySet();
    List<Integer> left =
        table.allShards().filter(shard -> !covered.contains(shard)).boxed().toList();
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(new Gap(left, "no live view of generation " + generation + " is announced"));
  }

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
        ? Optional.of(refused.why())
        : misfit(subtask, answer, announcers)
            .map(misfit -> "%s %s".formatted(name(subtask), misfit));
  }

  private Optional<String> misfit(
      Announcement subtask, Answer answer, Map<Integer, Long> announcers) {
    SnapshotMark mark = table.mark().orElse(null);
    if (mark == null || !table.isOf(generation)) {
      return Optional.of("is of an earlier run: the job has started anew meanwhile");
    }
    List<Integer> twice = shards(subtask.shards());
    twice.removeIf(shard -> announcers.getOrDefault(shard, 0L) == 1);
    if (!twice.isEmpty()) {
      return Optional.of("is not the only one to announce key groups " + KeyGroups.text(twice));
    }
    if (subtask.drained()) {
      return firstProblem(subtask.shards(), end -> drained(end, mark));
    }
    return misfit(subtask, ((Pinned) answer).view(), mark);
  }

  private Optional<String> misfit(Announcement subtask, PinnedView view, SnapshotMark mark) {
    if (!view.generation().equals(generation)) {
      return Optional.of("answered for generation " + view.generation());
    }
    if (!List.copyOf(shards(view.shards())).equals(shards(subtask.shards()))) {
      return Optional.of(
          "answered for key groups " + KeyGroups.text(shards(view.shards())) + " instead");
    }
    return firstProblem(view.shards(), end -> moved(end, mark)).or(() -> torn(view));
  }

  /** The table must hold what the view leaves to it, and nothing that the view calls open. */
  private static Optional<String> moved(ShardEnd end, SnapshotMark mark) {
    long held = mark.sequence(end.shard());
    if (held < end.held()) {
      return Optional.of(
          "leaves blocks of key group %d up to %d to the table, which holds them to %d only"
              .formatted(end.shard(), end.held(), held));
    }
    return held > end.sealed()
        ? Optional.of(
            "showed key group %d as sealed to %d; the table holds it to %d by now"
                .formatted(end.shard(), end.sealed(), held))
        : Optional.empty();
  }

  private static Optional<String> drained(ShardEnd end, SnapshotMark mark) {
    long held = mark.sequence(end.shard());
    return held == end.sealed()
        ? Optional.empty()
        : Optional.of(
            "was drained with key group %d sealed to %d; the table holds it to %d"
                .formatted(end.shard(), end.sealed(), held));
  }

  /** A file enters the table as a whole, so it is in the snapshot as a whole or not at all. */
  private Optional<String> torn(PinnedView view) {
    return view.sealed().stream()
        .filter(file -> held(file) != 0 && held(file) != file.blocks().size())
        .findFirst()
        .map(
            file ->
                "named %s, of whose %d blocks the table says it holds %d"
                    .formatted(file.path(), file.blocks().size(), held(file)));
  }

  /** How many of a file's blocks the snapshot holds. */
  private long held(BlockFile file) {
    SnapshotMark mark = table.mark().orElseThrow();
    return file.blocks().stream()
        .filter(block -> block.sequence() <= mark.sequence(block.shard()))
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
            shards(view.shards()), "%s is catching up: %s".formatted(name(subtask), partitions)));
  }

  private static Optional<String> firstProblem(
      List<ShardEnd> ends, java.util.function.Function<ShardEnd, Optional<String>> rule) {
    return ends.stream().flatMap(end -> rule.apply(end).stream()).findFirst();
  }

  private static List<Integer> shards(List<ShardEnd> ends) {
    return ends.stream().map(ShardEnd::shard).sorted().collect(Collectors.toList());
  }

  private static String name(Announcement subtask) {
    return subtask.drained()
        ? "subtask " + subtask.subtask()
        : "subtask %d at %s:%d".formatted(subtask.subtask(), subtask.host(), subtask.port());
  }
}
