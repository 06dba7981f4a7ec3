package io.nova.cli.process;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that a launcher of this folder started, as it is recorded. The system may reuse its pid
 * for another process, which has another start time.
 *
 * @param name its name, such as broker
 * @param pid its id
 * @param startedMillis when it started, in milliseconds since 1970
 * @param log its log file
 */
public record OwnProcess(String name, long pid, long startedMillis, String log) {
  /** The system counts process starts in ticks since a boot time that it knows to the second. */
  private static final long TOLERANCE_MILLIS = 2_000;

  /** A child process as it is recorded. */
  public static OwnProcess of(ChildProcess child) {
    return of(child.name(), child.process().toHandle(), child.log().toString());
  }

  /** A process as it is recorded. */
  public static OwnProcess of(String name, ProcessHandle process, String log) {
    return new OwnProcess(name, process.pid(), startMillis(process), log);
  }

  /** The process; empty when it has ended. */
  @JsonIgnore
  public Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> Math.abs(startMillis(process) - startedMillis) <= TOLERANCE_MILLIS);
  }

  /** Whether the process still runs. */
  public boolean alive() {
    return handle().isPresent();
  }

  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
