package io.nova.cli;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.JsonLine;
import io.nova.cli.run.Meter;
import io.nova.cli.run.ProgressDisplay;
import io.nova.workload.replay.RejectedSelection;
import io.nova.workload.replay.Replay;
import io.nova.workload.replay.ReplayPlan;
import io.nova.workload.send.SendReport;
import io.nova.workload.topic.Brokers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends rejected messages to their topic again. */
@Command(
    name = "replay-rejected",
    description = {
      "Sends rejected messages to the topic that they came from, byte for byte: the job decides"
          + " again.",
      "A message is sent once, however often it was rejected. A second replay sends it again; if it"
          + " was admitted meanwhile, it is then a duplicate or too late, never a second event."
    },
    footer = {
      "",
      "Exit codes: 0 all chosen messages were sent (or none was chosen), 1 not all, 2 wrong usage."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayRejectedCommand implements Callable<Integer> {
  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      description =
          "Only messages that were rejected for this reason, such as too_early. May be repeated;"
              + " without it, all.")
  private Set<String> reasons = Set.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Only messages that were rejected at this time or later, such as 2026-11-21T10:00:00Z.")
  private Instant from = Instant.MIN;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Only messages that were rejected before this time.")
  private Instant to = Instant.MAX;

  @Option(names = "--dry-run", description = "Report what would be sent, and send nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "The last line of output is one JSON object.")
  private boolean json;

  @Mixin private BrokerOption broker = new BrokerOption();
  @Mixin private RejectedTopicOption rejected = new RejectedTopicOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final ProgressDisplay display = ProgressDisplay.ofThisTerminal();

  @Override
  public Integer call() {
    RejectedSelection selection = selection();
    Brokers brokers = broker.brokers();
    try {
      Replay replay = new Replay(brokers, rejected.topic(), selection);
      Meter meter = new Meter(display);
      ReplayPlan plan = replay.plan(meter);
      ArrayList<SendReport> reports = new ArrayList<>();
      if (!dryRun) {
        plan.messages().forEach((topic, count) -> reports.add(replay.send(topic, count, meter)));
      }
      display.say("");
      print(new ReplayReport(plan, dryRun, reports));
      return reports.stream().allMatch(SendReport::allSent) ? 0 : 1;
    } catch (KafkaException e) {
      throw new CommandException(
          "The replay from topic %s at %s ended early: %s."
              .formatted(rejected.topic(), brokers.bootstrapServers(), broker.reasonOf(e)),
          e);
    }
  }

  private RejectedSelection selection() {
    try {
      return new RejectedSelection(reasons, from, to);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void print(ReplayReport report) {
    System.out.println(String.join("\n", report.lines(rejected.topic())));
    if (json) {
      System.out.println(JsonLine.of(report.object()));
    }
  }

  /** What the rejected topic had, and what was sent. */
  private record ReplayReport(ReplayPlan plan, boolean dryRun, List<SendReport> reports) {
    long sent() {
      return reports.stream().mapToLong(SendReport::sent).sum();
    }

    long failed() {
      return reports.stream().mapToLong(SendReport::failed).sum();
    }

    List<String> lines(String rejectedTopic) {
      ArrayList<String> lines = new ArrayList<>();
      lines.add(line("rejected, on " + rejectedTopic, total()));
      plan.rejected().forEach((reason, count) -> lines.add(line("  " + reason, count)));
      if (plan.unreadable() > 0) {
        lines.add(line("without reason, position or value, left alone", plan.unreadable()));
      }
      lines.add(line("chosen", plan.chosen()));
      lines.add(line("different messages among them", plan.toSend()));
      plan.messages().forEach((topic, count) -> lines.add(line("  of topic " + topic, count)));
      lines.add(dryRun ? "Nothing was sent (--dry-run)." : line("sent", sent()));
      if (failed() > 0) {
        lines.add(line("failed at the broker", failed()));
        reports.stream()
            .flatMap(report -> report.failures().stream())
            .forEach(failure -> lines.add("    " + failure.reason()));
      }
      return lines;
    }

    private long total() {
      return plan.rejected().values().stream().mapToLong(Long::longValue).sum();
    }

    LinkedHashMap<String, Object> object() {
      LinkedHashMap<String, Object> object = new LinkedHashMap<>();
      object.put("rejected", plan.rejected());
      object.put("unreadable", plan.unreadable());
      object.put("chosen", plan.chosen());
      object.put("messages", plan.messages());
      object.put("sent", sent());
      object.put("sentBytes", reports.stream().mapToLong(SendReport::sentBytes).sum());
      object.put("failed", failed());
      object.put("dryRun", dryRun);
      return object;
    }

    private static String line(String name, long count) {
      return "  %-40s %,15d".formatted(name, count);
    }
  }
}
