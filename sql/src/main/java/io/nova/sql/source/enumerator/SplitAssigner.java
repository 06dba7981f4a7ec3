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
 * Hands out splits, one at a time to whichever reader asks; a reader that finds none waits for
 * more. Belongs to Flink's coordinator thread.
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

  /** A reader has nothing to read. */
  void ask(int subtask) {
    waiting.add(subtask);
    serve();
  }

  void add(List<ScanSplit> splits) {
    unassigned.addAll(splits);
    serve();
  }

  /** From now on a reader that finds no split is told that none will come. */
  void complete() {
    complete = true;
    serve();
  }

  /** A reader is gone, and these with it. */
  void takeBack(List<ScanSplit> splits, int subtask) {
    waiting.remove(subtask);
    for (ScanSplit split : splits) {
      if (split.isEndless()) {
        unassigned.addLast(split);
      } else {
        unassigned.addFirst(split);
      }
    }
    serve();
  }

  private void serve() {
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

  /** What no reader has been given. */
  List<ScanSplit> unassigned() {
    return new ArrayList<>(unassigned);
  }
}
