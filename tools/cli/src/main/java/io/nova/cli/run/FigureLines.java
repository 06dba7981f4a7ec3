package io.nova.cli.run;

import io.nova.cli.cluster.JobFigures;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The job's figures in words, and progress bars. */
public final class FigureLines {
  private static final int BAR = 24;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private FigureLines() {}

  /** Two lines: counts of messages, and counts of blocks, files and chunks with the frontier. */
  public static List<String> of(JobFigures figures) {
    return List.of(
        "admitted %,d · duplicates %,d · rejected %,d%s"
            .formatted(
                figures.admitted(),
                figures.duplicates(),
                figures.rejectedTotal(),
                reasons(figures.rejected())),
        "open blocks %,d · block files %,d · chunks %,d · frontier %s"
            .formatted(
                figures.openBlocks(),
                figures.blockFiles(),
                figures.chunks(),
                time(figures.frontierMicros())));
  }

  /** A bar with percentage, count and rate; without the total, only count and rate. */
  static String bar(String stage, long done, OptionalLong total, double seconds) {
    String speed = "%,.0f/s".formatted(seconds > 0 ? done / seconds : 0);
    if (total.isEmpty() || total.getAsLong() == 0) {
      return "%s %,d · %s".formatted(stage, done, speed);
    }
    double part = Math.min(1, (double) done / total.getAsLong());
    int filled = (int) Math.round(part * BAR);
    return "%s [%s%s] %3.0f %% · %,d of %,d · %s"
        .formatted(
            stage,
            "#".repeat(filled),
            ".".repeat(BAR - filled),
            100 * part,
            done,
            total.getAsLong(),
            speed);
  }

  /** A time in microseconds since 1970 as UTC text; {@code not yet} if it is empty. */
  public static String time(OptionalLong micros) {
    return micros.isEmpty()
        ? "not yet"
        : TIME.format(Instant.EPOCH.plus(micros.getAsLong(), ChronoUnit.MICROS));
  }

  private static String reasons(Map<String, Long> rejected) {
    return rejected.isEmpty()
        ? ""
        : rejected.entrySet().stream()
            .map(reason -> "%s %s".formatted(reason.getKey(), "%,d".formatted(reason.getValue())))
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
