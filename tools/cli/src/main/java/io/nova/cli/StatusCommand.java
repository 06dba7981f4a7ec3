package io.nova.cli;

import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.GivenUpOffsets;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.MetricsEndpoints;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.run.FigureLines;
import io.nova.cli.run.JsonLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reports what runs in a working folder, and the job's figures. */
@Command(
    name = "status",
    description =
        "Reports what runs in the working folder: the processes, the job and its figures.",
    footer = {"", "Exit codes: 0 the job runs, 1 it does not."},
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private FolderOption folder = new FolderOption();

  @Option(names = "--json", description = "The output is one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    Optional<RunFile> run = RunFile.in(folder.folder());
    Optional<FlinkRest.Job> job = run.flatMap(StatusCommand::job);
    boolean running = job.filter(known -> known.state().equals("RUNNING")).isPresent();
    Optional<JobFigures> figures = running ? figures(run, job) : Optional.<JobFigures>empty();
    Optional<String> failure = failure(run, job);
    List<String> givenUp = run.map(it -> GivenUpOffsets.of(it.warehouse())).orElse(List.of());
    if (json) {
      Map<String, Object> object = object(run, job, figures, running);
      failure.ifPresent(it -> object.put("lastFailure", it));
      object.put("givenUp", givenUp);
      ConsoleFile.running(folder.folder())
          .ifPresent(it -> object.put("console", Map.of("address", it.address(), "pid", it.pid())));
      System.out.println(JsonLine.of(object));
    } else {
      print(run, job, figures);
      failure.ifPresent(it -> System.out.println("last failure: " + it));
      givenUp.forEach(it -> System.out.println("given up: offsets " + it));
    }
    return running ? 0 : 1;
  }

  private static Optional<FlinkRest.Job> job(RunFile run) {
    try {
      return run.alive().isEmpty() || run.job().isEmpty()
          ? Optional.empty()
          : FlinkRest.onPort(run.ports().rest()).job(run.job());
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  private static Optional<JobFigures> figures(Optional<RunFile> run, Optional<FlinkRest.Job> job) {
    return run.flatMap(
        it -> job.map(known -> FlinkRest.onPort(it.ports().rest()).figures(known.id())));
  }

  /** The job's last failure in one line, with its time: a job that restarts may run just now. */
  private static Optional<String> failure(Optional<RunFile> run, Optional<FlinkRest.Job> job) {
    return run.flatMap(
        it ->
            job.flatMap(known -> FlinkRest.onPort(it.ports().rest()).lastFailureLine(known.id())));
  }

  private Map<String, Object> object(
      Optional<RunFile> run,
      Optional<FlinkRest.Job> job,
      Optional<JobFigures> figures,
      boolean running) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("running", running);
    run.ifPresent(
        it -> {
          object.put("processes", it.processes().stream().map(StatusCommand::process).toList());
          object.put("ports", it.ports());
          object.put("metrics", MetricsEndpoints.of(folder.folder(), it.alive()));
          object.put("warehouse", it.warehouse());
        });
    job.ifPresent(it -> object.put("job", Map.of("id", it.id(), "state", it.state())));
    figures.ifPresent(it -> object.put("figures", figures(it)));
    return object;
  }

  private static Map<String, Object> process(OwnProcess process) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("name", process.name());
    object.put("pid", process.pid());
    object.put("alive", process.alive());
    object.put("log", process.log());
    return object;
  }

  private static Map<String, Object> figures(JobFigures figures) {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("received", figures.received());
    object.put("admitted", figures.admitted());
    object.put("duplicates", figures.duplicates());
    object.put("rejected", figures.rejected());
    object.put("openBlocks", figures.openBlocks());
    object.put("blockFiles", figures.blockFiles());
    object.put("chunks", figures.chunks());
    figures.frontierMicros().ifPresent(it -> object.put("frontierMicros", it));
    return object;
  }

  private void print(
      Optional<RunFile> run, Optional<FlinkRest.Job> job, Optional<JobFigures> figures) {
    ConsoleFile.running(folder.folder())
        .ifPresent(it -> System.out.printf("%-16s address  %s%n", "console", it.address()));
    if (run.isEmpty()) {
      System.out.println("There was no run in " + folder.folder().dir());
      return;
    }
    for (OwnProcess process : run.get().processes()) {
      System.out.printf(
          "%-16s pid %-8d %-8s %s%n",
          process.name(), process.pid(), process.alive() ? "runs" : "ended", process.log());
    }
    MetricsEndpoints.of(folder.folder(), run.get().alive())
        .forEach((name, address) -> System.out.printf("%-16s metrics  %s%n", name, address));
    System.out.println(
        job.map(it -> "job %s %s".formatted(it.id(), it.state())).orElse("no job runs"));
    figures.map(FigureLines::of).ifPresent(lines -> lines.forEach(System.out::println));
  }
}
