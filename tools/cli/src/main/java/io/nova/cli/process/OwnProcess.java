package io.nova.cli.process;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that a launcher of this folder started. A pid alone could have been given to a stranger
 * since: the start time tells them apart.
 *
 * @param name what it is
 * @param pid its id
 * @param startedMillis when it started, in milliseconds since 1970
 * @param log its log
 */
public record OwnProcess(String name, long pid, long startedMillis, String log) {
  /** The system's clock of process starts is counted in ticks from a boot time in seconds. */
  private static final long TOLERANCE_MILLIS = 2_000;

  /** A child process as it is recorded. */
  public static OwnProcess of(ChildProcess child) {
    return of(child.name(), child.process().toHandle(), child.log().toString());
  }

  /** A process as it is recorded. */
  public static OwnProcess of(String name, ProcessHandle process, String log) {
    return new OwnProcess(name, process.pid(), startMillis(process), log);
  }

  /** The process, if it still runs and is the one that was recorded. */
  @JsonIgnore
  public Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> Math.abs(startMillis(process) - startedMillis) <= TOLERANCE_MILLIS);
  }

  public boolean alive() {
    return handle().isPresent();
  }

  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
