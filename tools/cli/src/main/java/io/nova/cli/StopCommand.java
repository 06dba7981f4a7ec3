package io.nova.cli;

import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkCli;
import io.nova.cli.cluster.FlinkProcesses;
import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.OwnProcess;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.cluster.StopRequest;
import io.nova.cli.cluster.WorkFolder;
import io.nova.cli.run.ProgressDisplay;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops what runs in a working folder. */
@Command(
    name = "stop",
    description = {
      "Stops what runs in the working folder: the job with a savepoint, then the processes.",
      "`nova local --resume` goes on from there."
    },
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  @Mixin private FolderOption folder = new FolderOption();

  @Option(
      names = "--now",
      description = "Without a savepoint; the last checkpoint is kept and can be resumed.")
  private boolean now;

  private final ProgressDisplay screen = ProgressDisplay.ofThisTerminal();

  @Override
  public Integer call() {
    WorkFolder workFolder = folder.folder();
    Optional<RunFile> run = RunFile.in(workFolder);
    if (run.map(RunFile::alive).orElse(List.of()).isEmpty()) {
      screen.say("Nothing runs in " + workFolder.dir());
      return 0;
    }
    StopRequest.SAVING.write(workFolder);
    boolean saved = now || savepoint(workFolder, run.get());
    StopRequest.END.write(workFolder);
    // The launcher reads this and ends its children; those without a launcher are asked here.
    OwnProcess launcher = run.get().processes().get(0);
    if (!ended(List.of(launcher), launcher.alive() ? PATIENCE : Duration.ZERO)) {
      launcher.handle().ifPresent(ProcessHandle::destroy);
    }
    endAll(run.get().alive());
    screen.say("Stopped.");
    return saved ? 0 : 1;
  }

  private boolean savepoint(WorkFolder workFolder, RunFile run) {
    FlinkRest rest = FlinkRest.onPort(run.ports().rest());
    try {
      if (rest.job(run.job()).filter(job -> job.state().equals("RUNNING")).isEmpty()) {
        return true;
      }
      screen.say("Stopping the job with a savepoint.");
      ClusterOptions options = ClusterOptions.in(workFolder.dir()).withPorts(run.ports());
      FlinkCli cli = new FlinkCli(new FlinkProcesses(Distribution.ofThisProject(), options));
      screen.say("Savepoint: " + cli.stop(run.job(), workFolder.savepoints(), false, () -> {}));
      return true;
    } catch (CommandException e) {
      screen.say("No savepoint was made: " + e.getMessage());
      screen.say("The last checkpoint is kept.");
      return false;
    }
  }

  private static void endAll(List<OwnProcess> processes) {
    processes.forEach(process -> process.handle().ifPresent(ProcessHandle::destroy));
    if (!ended(processes, PATIENCE)) {
      processes.forEach(process -> process.handle().ifPresent(ProcessHandle::destroyForcibly));
      ended(processes, PATIENCE);
    }
  }

  private static boolean ended(List<OwnProcess> processes, Duration patience) {
    CompletableFuture<?>[] ends =
        processes.stream()
            .flatMap(process -> process.handle().stream())
            .map(ProcessHandle::onExit)
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(patience.toMillis(), TimeUnit.MILLISECONDS);
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
