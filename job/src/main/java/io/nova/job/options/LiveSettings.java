package io.nova.job.options;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ReadableConfig;

/**
 * How a subtask serves its live views.
 *
 * @param on whether it serves them at all
 * @param firstPort first port to try; 0 for any free port
 * @param lastPort last port to try
 * @param token secret that clients must send; empty if each server draws and announces its own
 * @param publishInterval time between two views, if something changed
 * @param maxConnections greatest number of open connections to one subtask
 */
public record LiveSettings(
    boolean on,
    int firstPort,
    int lastPort,
    String token,
    Duration publishInterval,
    int maxConnections)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:\\s*-\\s*(\\d{1,5}))?");

  /**
   * The settings that checked options give. Reads the token's file.
   *
   * @throws IllegalArgumentException if ports or token are invalid
   */
  static LiveSettings of(ReadableConfig options) {
    int[] ports = ports(options.get(NovaOptions.LIVE_PORTS));
    return new LiveSettings(
        options.get(NovaOptions.LIVE),
        ports[0],
        ports[1],
        token(options.get(NovaOptions.LIVE_TOKEN), options.get(NovaOptions.LIVE_TOKEN_FILE)),
        options.get(NovaOptions.LIVE_PUBLISH_INTERVAL),
        options.get(NovaOptions.LIVE_MAX_CONNECTIONS));
  }

  private static int[] ports(String range) {
    Matcher ends = PORTS.matcher(range.strip());
    if (ends.matches()) {
      int first = Integer.parseInt(ends.group(1));
      int last = ends.group(2) == null ? first : Integer.parseInt(ends.group(2));
      if (first <= last && last <= 65535 && (first > 0 || last == 0)) {
        return new int[] {first, last};
      }
    }
    throw OptionChecks.wrong(
        NovaOptions.LIVE_PORTS, '"' + range + '"', "0, a port, or a range such as 47100-47199");
  }

  private static String token(String given, String file) {
    if (file.isBlank()) {
      return given;
    }
    if (!given.isEmpty()) {
      throw OptionChecks.wrong(
          NovaOptions.LIVE_TOKEN_FILE,
          file,
          "none, since there is also " + NovaOptions.LIVE_TOKEN.key());
    }
    try {
      String token = Files.readString(Path.of(file)).strip();
      if (token.isEmpty()) {
        throw OptionChecks.wrong(
            NovaOptions.LIVE_TOKEN_FILE, file + ", which is empty", "a file with a token");
      }
      return token;
    } catch (IOException e) {
      throw OptionChecks.wrong(
          NovaOptions.LIVE_TOKEN_FILE, "%s (%s)".formatted(file, e), "a file that can be read");
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "live views %s, ports %s to %s".formatted(on, firstPort, lastPort);
  }
}
