package io.nova.job.options;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How live views are served.
 *
 * @param on whether they are
 * @param firstPort first port to try, 0 for any that is free
 * @param lastPort last port to try
 * @param token what clients must show; empty for one that each server draws and announces
 * @param publishInterval how often a new view is published, at most
 * @param maxConnections connections to one subtask at a time
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
   * What the options say. The token's file is read.
   *
   * @throws IllegalArgumentException where ports or token make no sense
   */
  static LiveSettings of(NovaOptions options) {
    int[] ports = ports(options.get(NovaOptions.LIVE_PORTS));
    return new LiveSettings(
        options.get(NovaOptions.LIVE),
        ports[0],
        ports[1],
        token(options),
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
    throw new IllegalArgumentException(
        "%s: found \"%s\", expected 0, a port, or a range like 47100-47199"
            .formatted(NovaOptions.LIVE_PORTS.key(), range));
  }

  private static String token(NovaOptions options) {
    String given = options.get(NovaOptions.LIVE_TOKEN);
    String file = options.get(NovaOptions.LIVE_TOKEN_FILE);
    if (file.isBlank()) {
      return given;
    }
    String name = NovaOptions.LIVE_TOKEN_FILE.key();
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "%s and %s: expected one of them, found both"
              .formatted(name, NovaOptions.LIVE_TOKEN.key()));
    }
    try {
      String token = Files.readString(Path.of(file)).strip();
      if (token.isEmpty()) {
        throw new IllegalArgumentException(
            "%s: %s is empty, expected a token".formatted(name, file));
      }
      return token;
    } catch (IOException e) {
      throw new IllegalArgumentException("%s: %s cannot be read: %s".formatted(name, file, e), e);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "live views %s, ports %s to %s".formatted(on, firstPort, lastPort);
  }
}
