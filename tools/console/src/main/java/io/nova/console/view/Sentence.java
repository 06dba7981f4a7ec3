package io.nova.console.view;

import io.nova.console.view.NowPicture.PartitionLine;
import io.nova.console.view.NowPicture.Shards;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of a running job in one sentence. */
record Sentence(JobPicture job, List<PartitionLine> partitions, @Nullable Shards shards) {
  /** Events of a replayed day are older than that, and nobody is behind. */
  private static final Duration LIVE = Duration.ofHours(1);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  String text() {
    ArrayList<String> parts = new ArrayList<>();
    parts.add(behind());
    Shards answering = shards;
    if (answering == null) {
      parts.add("the live views do not answer");
    } else if (answering.gaps().isEmpty()) {
      parts.add("all %,d shards answer".formatted(answering.answering()));
    } else {
      parts.add("some shards do not answer: " + String.join("; ", answering.gaps()));
    }
    parts.add(
        job.checkpoint()
            .map(Alarms::end)
            .map(end -> "last checkpoint %s ago".formatted(age(NowView.millisSince(end, job.at()))))
            .orElse("no checkpoint yet"));
    return String.join(", ", parts);
  }

  private String behind() {
    if (job.figures().received() == 0) {
      return "running, no event has come yet";
    }
    Optional<Long> newest =
        partitions.stream()
            .map(PartitionLine::newestUploadMicros)
            .filter(Objects::nonNull)
            .max(Long::compare);
    String waiting =
        job.pending() == 0 ? "" : ", %,d messages wait in the topic".formatted(job.pending());
    if (newest.isEmpty()) {
      return "running" + waiting;
    }
    long millis = Math.max(0, job.at().toEpochMilli() - newest.get() / 1_000);
    return millis <= LIVE.toMillis()
        ? "live, %s behind%s".formatted(age(millis), waiting)
        : "running, at upload time %s%s"
            .formatted(TIME.format(Instant.ofEpochMilli(newest.get() / 1_000)), waiting);
  }

  /** A duration for people, such as 0.4 s, 6 s or 3 min. */
  static String age(long millis) {
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    if (millis < 120_000) {
      return millis / 1_000 + " s";
    }
    return millis < 7_200_000 ? millis / 60_000 + " min" : millis / 3_600_000 + " h";
  }
}
