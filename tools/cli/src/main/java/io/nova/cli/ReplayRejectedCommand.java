package io.nova.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.cluster.ClusterAddresses;
import io.nova.cli.cluster.LocalCluster;
import io.nova.cli.run.Meter;
import io.nova.cli.run.ProgressDisplay;
import io.nova.workload.replay.Replay;
import io.nova.workload.replay.Replay.Plan;
import io.nova.workload.replay.Selection;
import io.nova.workload.send.SendReport;
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

/** Sends refused messages through the same door again. */
@Command(
    name = "replay-rejected",
    description = {
      "Sends what the job refused to the topic that it came from, byte for byte: the job decides"
          + " anew.",
      "A message is sent once, however often it was refused. A second run sends it again; what was"
          + " admitted meanwhile is then a duplicate or too late, never a second event."
    },
    footer = {
      "",
      "Exit codes: 0 when everything chosen was accepted (or nothing was chosen), 1 when not, 2"
          + " wrong usage."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayRejectedCommand implements Callable<Integer> {
  @Mixin private FolderOption folder = new FolderOption();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      description =
          "Only what was refused for this reason, such as too_early. May be repeated; without it,"
              + " all.")
  private Set<String> reasons = Set.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only what was refused at this time or later, such as 2026-11-21T10:00:00Z.")
  private Instant from = Instant.MIN;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Only what was refused before this time.")
  private Instant to = Instant.MAX;

  @Option(names = "--dry-run", description = "Says what would be sent, and sends nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "The last line of output is one JSON object.")
  private boolean json;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The broker (default: the one that runs in the working folder).")
  private String bootstrapServers = "";

  @Option(
      names = "--rejected-topic",
      paramLabel = "TOPIC",
      description = "Where the job puts what it does not take (default: ${DEFAULT-VALUE}).",
      defaultValue = LocalCluster.REJECTED)
  private String rejectedTopic = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final ProgressDisplay screen = ProgressDisplay.ofThisTerminal();

  @Override
  public Integer call() throws JsonProcessingException {
    Selection selection = selection();
    String broker = ClusterAddresses.broker(bootstrapServers, folder);
    try {
      Replay replay = new Replay(broker, rejectedTopic, selection);
      Meter meter = new Meter(screen);
      Plan plan = replay.plan(meter);
      ArrayList<SendReport> reports = new ArrayList<>();
      if (!dryRun) {
        plan.messages().forEach((topic, count) -> reports.add(replay.send(topic, count, meter)));
      }
      screen.say("");
      print(new Outcome(plan, dryRun, reports));
      return reports.stream().allMatch(SendReport::everythingAccepted) ? 0 : 1;
    } catch (KafkaException e) {
      throw new CommandException(
          "The replay from topic %s at %s ended early: %s"
              .formatted(rejectedTopic, broker, e.getMessage()),
          e);
    }
  }

  private Selection selection() {
    try {
      return new Selection(reasons, from, to);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void print(Outcome outcome) throws JsonProcessingException {
    System.out.println(String.join("\n", outcome.lines(rejectedTopic)));
    if (json) {
      System.out.println(new ObjectMapper().writeValueAsString(outcome.object()));
    }
  }

  /** What was found and what became of it. */
  private record Outcome(Plan plan, boolean dryRun, List<SendReport> reports) {
    long sent() {
      return reports.stream().mapToLong(SendReport::sent).sum();
    }

    long refused() {
      return reports.stream().mapToLong(SendReport::refused).sum();
    }

    List<String> lines(String rejectedTopic) {
      ArrayList<String> lines = new ArrayList<>();
      lines.add(line("refused, on " + rejectedTopic, total()));
      plan.refused().forEach((reason, count) -> lines.add(line("  " + reason, count)));
      if (plan.unreadable() > 0) {
        lines.add(line("not a refusal, left alone", plan.unreadable()));
      }
      lines.add(line("chosen", plan.chosen()));
      lines.add(line("different messages among them", plan.toSend()));
      plan.messages().forEach((topic, count) -> lines.add(line("  of topic " + topic, count)));
      lines.add(dryRun ? "Nothing was sent (--dry-run)." : line("sent", sent()));
      if (refused() > 0) {
        lines.add(line("not taken by the broker", refused()));
        reports.stream()
            .flatMap(report -> report.refusals().stream())
            .forEach(refusal -> lines.add("    " + refusal.reason()));
      }
      return lines;
    }

    private long total() {
      return plan.refused().values().stream().mapToLong(Long::longValue).sum();
    }

    LinkedHashMap<String, Object> object() {
      LinkedHashMap<String, Object> object = new LinkedHashMap<>();
      object.put("rejected", plan.refused());
      object.put("unreadable", plan.unreadable());
      object.put("chosen", plan.chosen());
      object.put("messages", plan.messages());
      object.put("sent", sent());
      object.put("sentBytes", reports.stream().mapToLong(SendReport::sentBytes).sum());
      object.put("refused", refused());
      object.put("dryRun", dryRun);
      return object;
    }

    private static String line(String what, long count) {
      return "  %-40s %,15d".formatted(what, count);
    }
  }
}
