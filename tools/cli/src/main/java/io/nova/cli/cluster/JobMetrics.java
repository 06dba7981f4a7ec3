package io.nova.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Nova's metrics of a job, over all of its subtasks, by their names without the operator's scope.
 * The metrics of the deserializer begin with {@code deserializer.}. Flink's {@code pendingRecords}
 * and {@code numRecordsIn} of the source are among them, and count messages. All are up to two
 * seconds old.
 */
public final class JobMetrics {
  /** The scope ends before one of these; the first one is not part of the name. */
  private static final Pattern SCOPE =
      Pattern.compile(
          "^.*?\\.(?:nova\\.|(?=deserializer\\.|pendingRecords$)|(?<=^Source__events\\.)(?=numRecordsIn$))");

  /** Flink refuses request lines of more than 4,096 bytes. */
  private static final int MAX_QUERY = 3_000;

  private final Map<String, Double> sums = new HashMap<>();
  private final Map<String, Double> minima = new HashMap<>();
  private final Map<String, Double> maxima = new HashMap<>();

  private JobMetrics() {}

  static JobMetrics read(FlinkRest rest, String job) {
    JobMetrics found = new JobMetrics();
    FlinkRest.children(rest.get("/jobs/" + job).path("vertices"))
        .map(vertex -> "/jobs/" + job + "/vertices/" + FlinkRest.text(vertex, "id"))
        .forEach(vertex -> found.addAll(rest, vertex + "/subtasks/metrics"));
    return found;
  }

  private void addAll(FlinkRest rest, String metrics) {
    List<String> ids =
        FlinkRest.children(rest.get(metrics))
            .map(metric -> FlinkRest.text(metric, "id"))
            .filter(id -> SCOPE.matcher(id).find())
            .toList();
    for (String query : queries(ids)) {
      FlinkRest.children(rest.get(metrics + "?agg=sum,min,max&get=" + query)).forEach(this::add);
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
    String name = SCOPE.matcher(FlinkRest.text(metric, "id")).replaceFirst("");
    sums.merge(name, metric.path("sum").asDouble(), Double::sum);
    minima.merge(name, metric.path("min").asDouble(), Math::min);
    maxima.merge(name, metric.path("max").asDouble(), Math::max);
  }

  /** All names. */
  public Set<String> names() {
    return Set.copyOf(sums.keySet());
  }

  /** The sum of a metric over all subtasks; 0 if no subtask has it. */
  public long sum(String name) {
    return Math.round(sums.getOrDefault(name, 0.0));
  }

  /** The least value of a metric; empty if no subtask has it. */
  public OptionalDouble least(String name) {
    return of(minima, name);
  }

  /** The greatest value of a metric; empty if no subtask has it. */
  public OptionalDouble greatest(String name) {
    return of(maxima, name);
  }

  private static OptionalDouble of(Map<String, Double> values, String name) {
    Double value = values.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The main counters. */
  public JobFigures figures() {
    return JobFigures.of(this);
  }
}
