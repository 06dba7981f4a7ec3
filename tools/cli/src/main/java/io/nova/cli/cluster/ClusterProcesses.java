package io.nova.cli.cluster;

import io.nova.cli.process.ChildProcess;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The processes of one local cluster, with the lock and the run file of its folder. All of them end
 * with {@link #close}, and with this JVM unless it is killed. For one thread, except {@link
 * #close}.
 */
final class ClusterProcesses implements AutoCloseable {
  private static final Duration END_TIMEOUT = Duration.ofSeconds(8);

  private final ClusterOptions options;
  private final FolderLock lock;
  private final Map<String, ChildProcess> processes =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final Thread atExit = new Thread(this::endAll, "nova-at-exit");
  private RunFile run;
  private volatile boolean closing;

  /** No process yet; owns the lock. */
  ClusterProcesses(ClusterOptions options, String warehouse, FolderLock lock) {
    this.options = options;
    this.lock = lock;
    OwnProcess launcher = OwnProcess.of("launcher", ProcessHandle.current(), "");
    Map<String, String> jobOptions =
        RunFile.in(options.folder()).map(RunFile::jobOptions).orElse(null);
    this.run = new RunFile(options.ports(), warehouse, "", jobOptions, false, List.of(launcher));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Changes the folder's run file. */
  void record(UnaryOperator<RunFile> change) {
    run = change.apply(run);
    run.write(options.folder());
  }

  /**
   * Starts a process, owns it, and names it in the run file. {@link #close} waits for that, so no
   * process is started after it and none is forgotten.
   */
  synchronized ChildProcess add(Supplier<ChildProcess> start) {
    requireOpen();
    ChildProcess process = start.get();
    processes.put(process.name(), process);
    record(file -> file.with(OwnProcess.of(process)));
    return process;
  }

  /** Starts a process in the place of one that has ended, which is forgotten. */
  synchronized ChildProcess replace(ChildProcess ended, Supplier<ChildProcess> start) {
    requireOpen();
    processes.remove(ended.name());
    record(file -> file.without(ended.name()));
    return add(start);
  }

  /** Forgets a process that has ended and is not started again. */
  synchronized void forget(ChildProcess ended) {
    processes.remove(ended.name());
  }

  /** Kills a process as {@code kill -9} does, and forgets it. */
  void kill(String name) {
    ChildProcess process = processes.remove(name);
    if (process == null) {
      throw new CommandException(
          "No process %s runs; those that do: %s".formatted(name, processes.keySet()));
    }
    process.kill();
  }

  List<ProcessHandle> handles() {
    return handles("");
  }

  /** The processes whose names begin with a prefix. */
  List<ProcessHandle> handles(String prefix) {
    return List.copyOf(processes.values()).stream()
        .filter(process -> process.name().startsWith(prefix))
        .map(process -> process.process().toHandle())
        .toList();
  }

  /** The processes that have ended by themselves; throws while {@link #close} ends them. */
  List<ChildProcess> ended() {
    requireOpen();
    return List.copyOf(processes.values()).stream().filter(process -> !process.alive()).toList();
  }

  private void requireOpen() {
    if (closing) {
      throw new CommandException("Stopping.");
    }
  }

  /** Ends all processes and frees the folder. A second call does nothing. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook does the same.
    }
  }

  private void endAll() {
    closing = true;
    endAllStarted();
  }

  private synchronized void endAllStarted() {
    List<ChildProcess> all = List.copyOf(processes.values());
    // Broker and ZooKeeper last: the others still talk to them.
    List<ChildProcess> clients =
        all.stream()
            .filter(process -> !process.name().equals("broker"))
            .filter(process -> !process.name().startsWith("zookeeper"))
            .toList();
    end(clients);
    end(all);
    processes.clear();
    lock.close();
  }

  private static void end(List<ChildProcess> some) {
    some.forEach(ChildProcess::ask);
    long deadline = System.nanoTime() + END_TIMEOUT.toNanos();
    for (ChildProcess process : some) {
      if (!process.endsWithin(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
        process.kill();
      }
    }
  }
}
