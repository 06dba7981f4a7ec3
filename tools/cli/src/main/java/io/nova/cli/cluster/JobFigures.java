package io.nova.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics of the job, summed over its subtasks. They are up to two seconds old. While the job
 * restarts they are too small. Counters include what was counted before a restore.
 *
 * @param received messages read from Kafka
 * @param admitted admitted events
 * @param duplicates events dropped as duplicates
 * @param rejected rejected messages by reason, without reasons that did not occur
 * @param openBlocks blocks in memory
 * @param blockFiles block files written
 * @param chunks chunks written
 * @param frontierMicros frontier of the slowest shard, in microseconds since 1970; empty if some
 *     shard has none yet
 */
public record JobFigures(
    long received,
    long admitted,
    long duplicates,
    SortedMap<String, Long> rejected,
    long openBlocks,
    long blockFiles,
    long chunks,
    OptionalLong frontierMicros) {
  private static final String PREFIX = ".nova.";

  private static final Pattern REJECTED = Pattern.compile("reason\\.(.+)\\.numEventsRejected");

  /** Flink refuses request lines of more than 4,096 bytes. */
  private static final int MAX_QUERY = 3_000;

  /** Messages that the job has decided on: admitted, duplicate or rejected. */
  public long decided() {
    return admitted + duplicates + rejectedTotal();
  }

  /** Rejected messages of all reasons. */
  public long rejectedTotal() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  static JobFigures read(FlinkRest rest, String job) {
    Aggregates found = new Aggregates(new HashMap<>(), new HashMap<>());
    FlinkRest.children(rest.get("/jobs/" + job).path("vertices"))
        .map(vertex -> "/jobs/" + job + "/vertices/" + FlinkRest.text(vertex, "id"))
        .forEach(vertex -> found.addAll(rest, vertex + "/subtasks/metrics"));
    return found.figures();
  }

  /** Sums and minima by the name after the prefix. */
  private record Aggregates(Map<String, Double> sums, Map<String, Double> minima) {
    void addAll(FlinkRest rest, String metrics) {
      List<String> ids =
          FlinkRest.children(rest.get(metrics))
              .map(metric -> FlinkRest.text(metric, "id"))
              .filter(id -> id.contains(PREFIX))
              .toList();
      for (String query : queries(ids)) {
        FlinkRest.children(rest.get(metrics + "?agg=sum,min&get=" + query)).forEach(this::add);
      }
    }

    private static List<String> queries(List<String> ids) {
      ArrayList<String> queries = new ArrayList<>();
      StringBuilder query = new StringBuilder();
      for (String id : ids) {
        String word = URLEncoder.encode(id, UTF_8).replace("+", "%20");
        if (!query.isEmpty() && query.length() + word.length() > MAX_QUERY) {
          queries.add(query.toString());
          query.setLength(0);
        }
        query.append(query.isEmpty() ? "" : ",").append(word);
      }
      if (!query.isEmpty()) {
        queries.add(query.toString());
      }
      return queries;
    }

    private void add(JsonNode metric) {
      String id = FlinkRest.text(metric, "id");
      String name = id.substring(id.indexOf(PREFIX) + PREFIX.length());
      sums.merge(name, metric.path("sum").asDouble(), Double::sum);
      minima.merge(name, metric.path("min").asDouble(), Math::min);
    }

    JobFigures figures() {
      return new JobFigures(
          sum("numEventsReceived"),
          sum("numEventsAdmitted"),
          sum("numDuplicates"),
          rejectedByReason(),
          sum("openBlocks"),
          sum("numBlockFilesWritten"),
          sum("numChunksWritten"),
          frontier());
    }

    private long sum(String name) {
      return Math.round(sums.getOrDefault(name, 0.0));
    }

    private SortedMap<String, Long> rejectedByReason() {
      TreeMap<String, Long> reasons = new TreeMap<>();
      for (String name : sums.keySet()) {
        Matcher reason = REJECTED.matcher(name);
        if (reason.matches() && sum(name) > 0) {
          reasons.merge(reason.group(1), sum(name), Long::sum);
        }
      }
      return reasons;
    }

    private OptionalLong frontier() {
      double least = minima.getOrDefault("frontierMicros", Double.NEGATIVE_INFINITY);
      return least > -4e18 ? OptionalLong.of(Math.round(least)) : OptionalLong.empty();
    }
  }
}
