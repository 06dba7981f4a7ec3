package io.nova.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One metric of a job, summed over its operators and subtasks. A question after the first costs one
 * request for each task that has the metric. For one thread.
 */
public final class SummedMetric {
  private final FlinkRest rest;
  private final String job;
  private final Predicate<String> id;
  private List<String> questions = List.of();

  /**
   * A metric by its name in Flink's REST interface.
   *
   * @param id accepts names such as {@code Source__events.nova.numEventsReceived}
   */
  public SummedMetric(FlinkRest rest, String job, Predicate<String> id) {
    this.rest = rest;
    this.job = job;
    this.id = id;
  }

  /**
   * The sum; 0 until Flink knows the metric. Flink fetches its metrics when it is asked, and
   * answers with those before. So the sum is at most two seconds old if it is asked each second.
   */
  public long value() {
    if (questions.isEmpty()) {
      questions = questions();
    }
    return questions.stream()
        .flatMap(question -> FlinkRest.children(rest.get(question)))
        .mapToLong(metric -> Math.round(metric.path("sum").asDouble()))
        .sum();
  }

  private List<String> questions() {
    return FlinkRest.children(rest.get("/jobs/" + job).path("vertices"))
        .map(
            vertex ->
                "/jobs/%s/vertices/%s/subtasks/metrics"
                    .formatted(job, FlinkRest.text(vertex, "id")))
        .map(metrics -> metrics + "?agg=sum&get=" + ids(metrics))
        .filter(question -> !question.endsWith("="))
        .toList();
  }

  private String ids(String metrics) {
    return FlinkRest.children(rest.get(metrics))
        .map(metric -> FlinkRest.text(metric, "id"))
        .filter(id)
        .map(name -> URLEncoder.encode(name, UTF_8).replace("+", "%20"))
        .collect(Collectors.joining(","));
  }
}
