package io.nova.cli;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkCli;
import io.nova.cli.cluster.FlinkProcesses;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.cluster.StopRequest;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.run.ProgressDisplay;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops the job and the processes of a working folder. */
@Command(
    name = "stop",
    description = {
      "Stops the job of the working folder with a savepoint, then all processes.",
      "`nova local --resume` continues from the savepoint.",
      "A job that is restarting or has failed makes no savepoint; its last checkpoint is kept."
    },
    footer = {"", "Exit codes: 0 stopped, 1 stopped without the savepoint, 2 wrong usage."},
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(25);

  @Mixin private FolderOption folder = new FolderOption();

  @Option(
      names = "--now",
      description = "Make no savepoint; `nova local --resume` continues from the last checkpoint.")
  private boolean now;

  private final ProgressDisplay display = ProgressDisplay.ofThisTerminal();

  @Override
  public Integer call() {
    WorkFolder workFolder = folder.folder();
    Optional<RunFile> run = RunFile.in(workFolder);
    if (run.map(RunFile::alive).orElse(List.of()).isEmpty()) {
      display.say(
          stopConsole(workFolder)
              ? "The console was stopped. Nothing else runs in " + workFolder.dir()
              : "Nothing runs in " + workFolder.dir());
      return 0;
    }
    StopRequest.SAVING.write(workFolder);
    boolean saved = now || savepoint(workFolder, run.get());
    StopRequest.END.write(workFolder);
    // The launcher reads the request and ends its processes. Without a launcher, they end here.
    OwnProcess launcher = run.get().processes().get(0);
    if (!ended(List.of(launcher), launcher.alive() ? TIMEOUT : Duration.ZERO)) {
      launcher.handle().ifPresent(ProcessHandle::destroy);
    }
    endAll(run.get().alive());
    stopConsole(workFolder);
    display.say("Stopped.");
    return saved ? 0 : 1;
  }

  /** Stops the folder's console, by whomever it was started; false if none runs. */
  private static boolean stopConsole(WorkFolder folder) {
    Optional<ProcessHandle> console =
        ConsoleFile.running(folder).flatMap(file -> file.process(folder));
    console.ifPresent(process -> end(List.of(process)));
    return console.isPresent();
  }

  private boolean savepoint(WorkFolder workFolder, RunFile run) {
    FlinkRest rest = FlinkRest.onPort(run.ports().rest());
    try {
      Optional<FlinkRest.Job> job = run.job().isEmpty() ? Optional.empty() : rest.job(run.job());
      if (run.job().isEmpty() || job.filter(FlinkRest.Job::done).isPresent()) {
        return true;
      }
      Optional<String> obstacle = obstacle(job);
      if (obstacle.isPresent()) {
        display.say("No savepoint was made: " + obstacle.get());
        rest.lastFailure(run.job()).ifPresent(this::sayFailure);
        display.say("The last checkpoint is kept.");
        return false;
      }
      display.say("Stopping the job with a savepoint.");
      ClusterOptions options = ClusterOptions.in(workFolder.dir()).withPorts(run.ports());
      FlinkCli cli = new FlinkCli(new FlinkProcesses(Distribution.ofThisProject(), options));
      String folder = workFolder.savepoints().toString();
      display.say("Savepoint: " + cli.stop(run.job(), folder, false, () -> {}));
      return true;
    } catch (CommandException e) {
      display.say("No savepoint was made: " + e.getMessage());
      display.say("The last checkpoint is kept.");
      return false;
    }
  }

  /** Why a job that has not ended well cannot make a savepoint; empty if it runs. */
  static Optional<String> obstacle(Optional<FlinkRest.Job> job) {
    return job.isEmpty()
        ? Optional.of("Flink does not know the job.")
        : Optional.of(job.get().state())
            .filter(state -> !state.equals("RUNNING"))
            .map(state -> "the job is %s, expected RUNNING.".formatted(state));
  }

  private void sayFailure(String stackTrace) {
    display.say("The job's last failure: " + stackTrace.lines().findFirst().orElse(""));
  }

  private static void endAll(List<OwnProcess> processes) {
    end(processes.stream().flatMap(process -> process.handle().stream()).toList());
  }

  private static void end(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroy);
    if (!ended(processes.stream(), TIMEOUT)) {
      processes.forEach(ProcessHandle::destroyForcibly);
      ended(processes.stream(), TIMEOUT);
    }
  }

  private static boolean ended(List<OwnProcess> processes, Duration timeout) {
    return ended(processes.stream().flatMap(process -> process.handle().stream()), timeout);
  }

  private static boolean ended(Stream<ProcessHandle> processes, Duration timeout) {
    CompletableFuture<?>[] ends =
        processes.map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("Interrupted while the processes end.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
