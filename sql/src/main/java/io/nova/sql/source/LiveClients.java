package io.nova.sql.source;

import io.nova.live.client.LiveClient;
import io.nova.live.cut.LiveAccess;
import io.nova.live.protocol.InternalTls;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.jspecify.annotations.Nullable;

/** Creates clients of the live servers from the configuration of Flink's processes. Thread-safe. */
public final class LiveClients {
  /** The time within which a server must begin its answer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The last client. It is shared, since each client has a thread that outlives its query. */
  private static @Nullable Cached last;

  private record Settings(String token, Map<String, String> flink) {}

  private record Cached(Settings settings, LiveClient client) {}

  private LiveClients() {}

  /**
   * A client for a task.
   *
   * @throws IllegalStateException for a committed read, which has no access
   */
  static LiveClient inTask(@Nullable LiveAccess access, Configuration flink) {
    if (access == null) {
      throw new IllegalStateException("A committed read was given a part of a live view");
    }
    return client(access, flink);
  }

  /** A client for the JobManager. Its configuration is loaded, since a source does not get it. */
  public static LiveClient inJobManager(LiveAccess access) {
    return client(access, GlobalConfiguration.loadConfiguration());
  }

  private static synchronized LiveClient client(LiveAccess access, Configuration flink) {
    Settings settings = new Settings(access.token(), flink.toMap());
    if (last == null || !last.settings.equals(settings)) {
      last = new Cached(settings, new LiveClient(InternalTls.of(flink), access.token(), TIMEOUT));
    }
    return last.client;
  }
}
