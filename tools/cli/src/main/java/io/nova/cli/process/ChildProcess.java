package io.nova.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that this launcher has started.
 *
 * @param name its name, such as broker
 * @param process the process
 * @param log its log file
 * @param console the file with its console output
 */
public record ChildProcess(String name, Process process, Path log, Path console) {
  private static final int SHOWN_LINES = 8;

  /** Whether the process runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Throws when the process has ended; the message has the end of its log. */
  public void requireAlive() {
    if (!alive()) {
      throw new CommandException(end() + endOfLog());
    }
  }

  /** How an ended process ended, in one sentence that names its log. */
  public String end() {
    return "%s (pid %d) ended with exit code %d. Its log is %s"
        .formatted(name, process.pid(), process.exitValue(), log);
  }

  /** Asks the process to end. */
  public void ask() {
    process.destroy();
  }

  /** Ends the process as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Whether the process ended within the time. */
  public boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !alive();
    }
  }

  /** Its console output so far. */
  public String output() {
    return read(console);
  }

  /** The last lines of its log, or of its console output, as a sentence; empty without any. */
  public String endOfLog() {
    Path source = Files.exists(log) && log.toFile().length() > 0 ? log : console;
    List<String> lines = read(source).lines().toList();
    List<String> causes = last(lines.stream().filter(ChildProcess::isCause).toList());
    List<String> shown = causes.isEmpty() ? last(lines) : causes;
    return shown.isEmpty() ? "" : ". The end of the log:\n  " + String.join("\n  ", shown);
  }

  private static boolean isCause(String line) {
    return line.contains(" ERROR ") || line.contains(" FATAL ") || line.startsWith("Caused by:");
  }

  private static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      return "(%s cannot be read: %s)".formatted(file, e);
    }
  }
}
