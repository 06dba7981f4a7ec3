package io.nova.console.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask the console. A page of another site can send requests to 127.0.0.1 from the user's
 * browser, under any name that resolves there. So the headers Host and Origin count, and what has
 * data needs the token. Thread-safe.
 */
final class Access {
  private static final int TOKEN_BYTES = 32;
  private static final String SCHEME = "Bearer ";

  private final byte[] expected;
  private final List<String> hosts;

  /**
   * Rules of one server.
   *
   * @param token the token of its requests
   * @param port the port on which it listens
   */
  Access(String token, int port) {
    this.expected = bytes(SCHEME + token);
    this.hosts = List.of("127.0.0.1:" + port, "localhost:" + port);
  }

  /** A new token of 256 random bits. */
  static String newToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** The refusal of a request by its headers Host and Origin; empty if they are this server's. */
  Optional<Reply> foreign(@Nullable String host, @Nullable String origin) {
    if (host == null || !hosts.contains(host)) {
      return Optional.of(
          Reply.error(
              403,
              "Header Host: found %s, expected %s. Nothing was done."
                  .formatted(shown(host), String.join(" or ", hosts))));
    }
    if (origin != null && hosts.stream().noneMatch(own -> origin.equals("http://" + own))) {
      return Optional.of(
          Reply.error(
              403,
              "Header Origin: found %s, expected http://%s. Nothing was done."
                  .formatted(shown(origin), hosts.get(0))));
    }
    return Optional.empty();
  }

  /** The refusal of a request by its header Authorization; empty if it has the token. */
  Optional<Reply> unknown(@Nullable String authorization) {
    if (authorization != null && MessageDigest.isEqual(bytes(authorization), expected)) {
      return Optional.empty();
    }
    return Optional.of(
        Reply.error(
            401,
            "Header Authorization: found %s, expected Bearer and the token of this console. Open the address that `nova console` or `nova local` has printed. Nothing was done."
                .formatted(authorization == null ? "none" : "another one")));
  }

  private static String shown(@Nullable String header) {
    return header == null ? "none" : header.length() > 100 ? header.substring(0, 100) : header;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
