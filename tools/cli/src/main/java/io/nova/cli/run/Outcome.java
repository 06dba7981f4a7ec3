package io.nova.cli.run;

import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.TableFileCount;
import io.nova.judge.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a run with {@code --once}.
 *
 * @param sent messages that the broker acknowledged; their elements if the mapping has {@code each}
 * @param failed messages that failed at the broker
 * @param unreadFiles what the sender did not read of the files, a sentence each
 * @param figures the job's own counters, read just before the drain
 * @param verdict the judge's result
 * @param files the table's files
 * @param seconds from the start of the command to the verdict
 * @param eventsPerSecond from the first message sent to the last one decided
 */
public record Outcome(
    long sent,
    long failed,
    List<String> unreadFiles,
    JobFigures figures,
    Verdict verdict,
    TableFileCount files,
    double seconds,
    double eventsPerSecond) {
  /** Keeps a copy. */
  public Outcome {
    unreadFiles = List.copyOf(unreadFiles);
  }

  /**
   * Whether the judge found every event exactly once, and agrees with the job's counters. All files
   * must have been read, and not every message may have been rejected.
   */
  public boolean good() {
    return verdict.holds()
        && disagreements().isEmpty()
        && unreadFiles.isEmpty()
        && !nothingAdmitted();
  }

  /** Whether there were messages and none was admitted, as with a mapping of other records. */
  private boolean nothingAdmitted() {
    return sent + failed > 0 && figures.admitted() == 0;
  }

  /** The differences between the counters of the job, the judge and the sender. */
  List<String> disagreements() {
    ArrayList<String> found = new ArrayList<>();
    compare(found, "sent", sent, "read by the judge", verdict.sent());
    compare(found, "decided by the job", figures.decided(), "sent", sent);
    compare(found, "admitted by the job", figures.admitted(), "by the judge", verdict.admitted());
    compare(
        found, "duplicates by the job", figures.duplicates(), "by the judge", verdict.duplicates());
    TreeMap<String, Long> reasons = new TreeMap<>(figures.rejected());
    reasons.putAll(verdict.rejected());
    for (String reason : reasons.keySet()) {
      compare(
          found,
          "rejected as " + reason + " by the job",
          figures.rejected().getOrDefault(reason, 0L),
          "on the topic",
          verdict.rejected().getOrDefault(reason, 0L));
    }
    return found;
  }

  private static void compare(
      List<String> found, String name, long count, String otherName, long otherCount) {
    if (count != otherCount) {
      found.add("%s: %,d; %s: %,d".formatted(name, count, otherName, otherCount));
    }
  }

  /** One JSON object on one line. */
  public String json() {
    return JsonLine.of(object());
  }

  /** The members of the JSON object. */
  LinkedHashMap<String, Object> object() {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("sent", sent);
    object.put("failed", failed);
    object.put("unreadFiles", unreadFiles);
    object.put("admitted", figures.admitted());
    object.put("duplicates", figures.duplicates());
    object.put("rejected", figures.rejected());
    object.put("missing", verdict.missing());
    object.put("extra", verdict.extra());
    object.put("changed", verdict.changed());
    object.put("broken", verdict.broken());
    object.put("blockFiles", files.blockFilesWritten());
    object.put("chunks", files.chunks());
    object.put("seconds", Math.round(seconds * 10) / 10.0);
    object.put("eventsPerSecond", Math.round(eventsPerSecond));
    object.put("holds", good());
    return object;
  }

  /** The report in words. */
  public String report() {
    ArrayList<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(headline());
    lines.add("");
    lines.addAll(counts());
    lines.add("");
    lines.add(line("block files written", files.blockFilesWritten()));
    lines.add(line("block files now", files.blockFiles()));
    lines.add(line("chunks", files.chunks()));
    lines.add(seconds(seconds));
    lines.add("  %-28s %,15.0f".formatted("events a second", eventsPerSecond));
    return String.join("\n", lines);
  }

  /** The counts of messages and faults. */
  List<String> counts() {
    ArrayList<String> lines = new ArrayList<>();
    lines.add(line("sent", sent));
    if (failed > 0) {
      lines.add(line("failed at the broker", failed));
    }
    unreadFiles.forEach(each -> lines.add("  not read: " + each));
    lines.add(line("admitted", figures.admitted()));
    lines.add(line("duplicates", figures.duplicates()));
    lines.add(line("rejected", figures.rejectedTotal()));
    figures.rejected().forEach((reason, count) -> lines.add(line("  " + reason, count)));
    lines.add("");
    lines.add(line("missing", verdict.missing()));
    lines.add(line("extra", verdict.extra()));
    lines.add(line("changed", verdict.changed()));
    brokenLines().forEach(lines::add);
    return lines;
  }

  static String seconds(double seconds) {
    return "  %-28s %,15.1f".formatted("seconds", seconds);
  }

  private String headline() {
    if (verdict.holds() && disagreements().isEmpty()) {
      if (nothingAdmitted()) {
        return "Nothing was admitted: the table has no event of this run. The exit code is 1.";
      }
      if (sent == 0) {
        return "Nothing was sent: the table has no event of this run.";
      }
      return unreadFiles.isEmpty()
          ? "Every event is there exactly once."
          : "Every event that was sent is there exactly once. Not all of the files was read.";
    }
    return "Not every event is there exactly once, or the counters disagree.";
  }

  private List<String> brokenLines() {
    ArrayList<String> lines = new ArrayList<>();
    for (Map.Entry<String, Long> broken : verdict.broken().entrySet()) {
      lines.add(line(broken.getKey(), broken.getValue()));
    }
    verdict.examples().forEach(example -> lines.add("    " + example));
    disagreements().forEach(difference -> lines.add("  counters disagree: " + difference));
    return lines;
  }

  static String line(String name, long count) {
    return "  %-28s %,15d".formatted(name, count);
  }
}
