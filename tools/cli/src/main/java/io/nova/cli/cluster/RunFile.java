package io.nova.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.process.PrivateFile;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a working folder, as a file that commands in other shells read. It is written as a
 * whole and moved into place.
 *
 * @param ports the ports, none of them 0
 * @param warehouse the job's warehouse
 * @param job the job's id; empty before it is submitted
 * @param jobOptions the user's options of the job, by name, for a run that resumes this one; null
 *     before it is submitted
 * @param ended whether the run has ended, so that nothing can be resumed
 * @param processes the launcher first, then the processes that it started
 */
public record RunFile(
    Ports ports,
    String warehouse,
    String job,
    @Nullable Map<String, String> jobOptions,
    boolean ended,
    List<OwnProcess> processes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public RunFile {
    jobOptions = jobOptions == null ? null : Map.copyOf(jobOptions);
    processes = List.copyOf(processes);
  }

  /** The folder's file; empty if there is none. */
  public static Optional<RunFile> in(WorkFolder folder) {
    if (!Files.exists(folder.runFile())) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(folder.runFile().toFile(), RunFile.class));
    } catch (IOException e) {
      throw new CommandException(
          "%s cannot be read: %s. If nothing runs in this folder, remove the file."
              .formatted(folder.runFile(), e),
          e);
    }
  }

  /**
   * The file of a folder in which something runs.
   *
   * @throws CommandException when nothing runs there
   */
  public static RunFile running(WorkFolder folder) {
    return in(folder)
        .filter(run -> !run.alive().isEmpty())
        .orElseThrow(
            () ->
                new CommandException(
                    "Nothing runs in %s. Start it with `nova local`, or name its folder with --dir."
                        .formatted(folder.dir())));
  }

  void write(WorkFolder folder) {
    // The job's options may contain a token, so no other user may ever read the file.
    PrivateFile.write(
        folder.runFile(), out -> JSON.writerWithDefaultPrettyPrinter().writeValue(out, this));
  }

  /** The processes that still run. */
  public List<OwnProcess> alive() {
    return processes.stream().filter(OwnProcess::alive).toList();
  }

  RunFile with(OwnProcess process) {
    ArrayList<OwnProcess> more = new ArrayList<>(processes);
    more.add(process);
    return new RunFile(ports, warehouse, job, jobOptions, ended, more);
  }

  RunFile without(String name) {
    List<OwnProcess> others = processes.stream().filter(one -> !one.name().equals(name)).toList();
    return new RunFile(ports, warehouse, job, jobOptions, ended, others);
  }

  RunFile withJob(String id) {
    return new RunFile(ports, warehouse, id, jobOptions, ended, processes);
  }

  RunFile withJobOptions(Map<String, String> options) {
    return new RunFile(ports, warehouse, job, options, ended, processes);
  }

  RunFile asEnded() {
    return new RunFile(ports, warehouse, job, jobOptions, true, processes);
  }
}
