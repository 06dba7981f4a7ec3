package io.nova.bench.command;

import io.nova.bench.measure.JudgedRows;
import io.nova.bench.measure.Plot;
import io.nova.bench.side.BenchCluster;
import io.nova.bench.side.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recovery of Nova's job from the loss of all its TaskManagers, with a backlog to read. */
@Command(
    name = "recovery",
    description = {
      "Kills both TaskManagers as `kill -9` does, sends a backlog, and starts two new ones.",
      "Seconds count from their start. Live traffic goes on while the job reads the backlog. The"
          + " default takes about 3 minutes on two cores."
    },
    mixinStandardHelpOptions = true)
final class RecoveryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private BenchOptions bench = new BenchOptions();

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Messages of the backlog, a tenth of them copies (default: ${DEFAULT-VALUE}).")
  private long events = 1_000_000;

  @Option(
      names = "--live-rate",
      paramLabel = "N",
      description = "Messages a second of live traffic (default: ${DEFAULT-VALUE}).")
  private double liveRate = 3_000;

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "An option of Nova's job. May be repeated.")
  private List<String> novaOptions = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    bench.enough("--events", events);
    bench.above0("--live-rate", liveRate);
    bench.pairs("--option", novaOptions);
    Report report = new Report(spec.commandLine().getOut());
    try (BenchCluster cluster = BenchCluster.start(bench.folder())) {
      Recovery.Result result = new Recovery(cluster, novaOptions, liveRate, events).run();
      JudgedRows.require("nova", result.files(), result.sent());
      print(report, result);
      Plot.lines("Messages not decided on", "messages", Map.of("nova", result.lag()))
          .write(bench.svg());
      cluster.clear();
    }
    report.end(bench.svg(), bench.json());
    return 0;
  }

  private void print(Report report, Recovery.Result result) {
    report.line(
        "messages   %,d: %,d of them the backlog, %,.0f/s live",
        result.sent().messages(), events, liveRate);
    report.line(
        "decisions  first new one %.1f s after the start of the TaskManagers",
        result.firstDecision());
    report.line(
        "backlog    %,.0f messages/s while live traffic goes on, %.1f times as fast as it; lag gone after %.1f s; rows are right",
        result.backlogRate(), result.backlogRate() / liveRate, result.lagGone());
    report.figure("events", events);
    report.figure("liveRate", liveRate);
    report.figure("sent", result.sent().messages());
    report.figure("firstDecisionSeconds", result.firstDecision());
    report.figure("backlogRate", result.backlogRate());
    report.figure("catchUpRatio", result.backlogRate() / liveRate);
    report.figure("lagGoneSeconds", result.lagGone());
  }
}
