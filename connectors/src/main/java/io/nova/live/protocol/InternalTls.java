package io.nova.live.protocol;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.SecurityOptions;

/**
 * The TLS context of Flink's options {@code security.ssl.internal.*}. All processes of a cluster
 * share a key store and a trust store, and trust each other under any host name.
 */
public final class InternalTls {
  private InternalTls() {}

  /**
   * Makes the context of a configuration; empty if internal TLS is off.
   *
   * @throws IllegalArgumentException if it is on and a store is missing or cannot be read
   */
  public static Optional<SSLContext> of(ReadableConfig config) {
    return config.get(SecurityOptions.SSL_INTERNAL_ENABLED)
        ? Optional.of(context(config))
        : Optional.empty();
  }

  private static SSLContext context(ReadableConfig config) {
    LiveTls.Store keys =
        new LiveTls.Store(
            Path.of(
                given(config, SecurityOptions.SSL_INTERNAL_KEYSTORE, SecurityOptions.SSL_KEYSTORE)),
            given(
                config,
                SecurityOptions.SSL_INTERNAL_KEYSTORE_PASSWORD,
                SecurityOptions.SSL_KEYSTORE_PASSWORD),
            given(
                config,
                SecurityOptions.SSL_INTERNAL_KEY_PASSWORD,
                SecurityOptions.SSL_KEY_PASSWORD));
    String password =
        given(
            config,
            SecurityOptions.SSL_INTERNAL_TRUSTSTORE_PASSWORD,
            SecurityOptions.SSL_TRUSTSTORE_PASSWORD);
    LiveTls.Store trusted =
        new LiveTls.Store(
            Path.of(
                given(
                    config,
                    SecurityOptions.SSL_INTERNAL_TRUSTSTORE,
                    SecurityOptions.SSL_TRUSTSTORE)),
            password,
            password);
    try {
      return LiveTls.context(Optional.of(keys), trusted);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "security.ssl.internal.enabled is true, but its stores cannot be used: " + e, e);
    }
  }

  private static String given(
      ReadableConfig config, ConfigOption<String> internal, ConfigOption<String> common) {
    return config
        .getOptional(internal)
        .or(() -> config.getOptional(common))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "security.ssl.internal.enabled is true, but "
                        + internal.key()
                        + " is missing"));
  }
}
