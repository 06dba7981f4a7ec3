package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.ScanSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * Assigns one split to each request of a reader. Requests wait while there is no split. Used by
 * Flink's coordinator thread.
 */
final class SplitAssigner {
  private final SplitEnumeratorContext<ScanSplit> context;
  private final Deque<ScanSplit> unassigned;
  private final Set<Integer> waiting = new LinkedHashSet<>();
  private boolean complete;

  SplitAssigner(SplitEnumeratorContext<ScanSplit> context, List<ScanSplit> splits) {
    this.context = context;
    this.unassigned = new ArrayDeque<>(splits);
  }

  /** A reader requests a split. */
  void request(int subtask) {
    waiting.add(subtask);
    assign();
  }

  /** Adds splits to assign. */
  void add(List<ScanSplit> splits) {
    unassigned.addAll(splits);
    assign();
  }

  /** From now on, signals readers that get no split that no more will come. */
  void complete() {
    complete = true;
    assign();
  }

  /** Takes the splits of a failed reader back. */
  void takeBack(List<ScanSplit> splits, int subtask) {
    waiting.remove(subtask);
    for (ScanSplit split : splits) {
      if (split.isEndless()) {
        unassigned.addLast(split);
      } else {
        unassigned.addFirst(split);
      }
    }
    assign();
  }

  private void assign() {
    for (int subtask : List.copyOf(waiting)) {
      if (!context.registeredReaders().containsKey(subtask)) {
        waiting.remove(subtask);
      } else if (!unassigned.isEmpty()) {
        waiting.remove(subtask);
        context.assignSplit(unassigned.remove(), subtask);
      } else if (complete) {
        waiting.remove(subtask);
        context.signalNoMoreSplits(subtask);
      }
    }
  }

  /** The splits that are not assigned. */
  List<ScanSplit> unassigned() {
    return new ArrayList<>(unassigned);
  }
}
