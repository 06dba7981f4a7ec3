package io.nova.console.chart;

import io.nova.console.chart.ChartSql.Series;
import io.nova.console.chart.ChartSql.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How many users did several steps in order. Other events may come between. Events of the same
 * second count in either order, and one event is one step at most.
 *
 * <p>The first step lies in the range. The later ones lie within the window after it. A user counts
 * with the longest path, and among paths of the same length with the one that begins earliest.
 *
 * @param scope table and range of the first step
 * @param steps two to eight steps
 * @param window time from the first step to the last, in whole seconds
 * @param grouping a value of the first step, if users are grouped
 */
record FunnelForm(
    ChartScope scope, List<EventChoice> steps, Duration window, Optional<Grouping> grouping)
    implements ChartForm {
  private static final int MOST_STEPS = 8;
  private static final int DAY_SECONDS = 86_400;
  private static final int LONGEST_SECONDS = 366 * DAY_SECONDS;

  static FunnelForm read(FormReader form) {
    List<EventChoice> steps = form.objects("steps", EventChoice::read);
    if (steps.size() < 2 || steps.size() > MOST_STEPS) {
      throw FormException.at(
          form.at("steps"), "%d steps".formatted(steps.size()), "2 to %d".formatted(MOST_STEPS));
    }
    List<FieldFilter> segment = form.objects("filters", FieldFilter::read);
    return new FunnelForm(
        ChartScope.read(form),
        IntStream.range(0, steps.size())
            .mapToObj(i -> i == 0 ? steps.get(0).and(segment) : steps.get(i))
            .toList(),
        Duration.ofSeconds(form.number("windowSeconds", DAY_SECONDS, 1, LONGEST_SECONDS)),
        Grouping.read(form));
  }

  @Override
  public ChartSql chart() {
    String title =
        "Funnel: %s%s"
            .formatted(
                String.join(", then ", steps.stream().map(EventChoice::name).toList()),
                Grouping.name(grouping));
    return new ChartSql(
        title,
        new FunnelSql(this).sql(),
        new Series(
            Shape.FUNNEL,
            Optional.of("event"),
            Optional.of("users"),
            grouping.map(each -> "series")));
  }

  /** Whether no event can be two of the steps, as far as the event types say. */
  boolean stepsAreDistinct() {
    return IntStream.range(0, steps.size())
        .allMatch(
            i ->
                IntStream.range(0, i).allMatch(before -> steps.get(i).excludes(steps.get(before))));
  }
}
