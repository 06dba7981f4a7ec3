package io.nova.sql.source;

import io.nova.live.client.LiveClient;
import io.nova.live.protocol.InternalTls;
import io.nova.sql.live.LiveAccess;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.jspecify.annotations.Nullable;

/** Makes clients of live servers, as Flink's processes are configured. */
public final class LiveClients {
  /** How long a server may take to begin its answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The client made last: each has a thread, which outlives its query until it is collected. */
  private static @Nullable Made last;

  private record Settings(String token, Map<String, String> flink) {}

  private record Made(Settings settings, LiveClient client) {}

  private LiveClients() {}

  /** A client of a task. */
  static LiveClient inTask(@Nullable LiveAccess access, Configuration flink) {
    if (access == null) {
      throw new IllegalStateException("A committed read was given a part of a live view");
    }
    return client(access, flink);
  }

  /** A client of a process whose configuration a source is not told, as the JobManager. */
  public static LiveClient inJobManager(LiveAccess access) {
    return client(access, GlobalConfiguration.loadConfiguration());
  }

  private static synchronized LiveClient client(LiveAccess access, Configuration flink) {
    Settings settings = new Settings(access.token(), flink.toMap());
    if (last == null || !last.settings.equals(settings)) {
      last = new Made(settings, new LiveClient(InternalTls.of(flink), access.token(), PATIENCE));
    }
    return last.client;
  }
}
