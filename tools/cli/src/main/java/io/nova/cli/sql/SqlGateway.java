package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** A client of the REST interface of Flink's SQL gateway. For any thread. */
public final class SqlGateway {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String VERSION = "/v3";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
  private final URI address;

  /**
   * The gateway at an address.
   *
   * @param address such as {@code http://127.0.0.1:8083}
   */
  public SqlGateway(URI address) {
    this.address = address;
  }

  /** The gateway of a local cluster. */
  public static SqlGateway onPort(int port) {
    return new SqlGateway(URI.create("http://127.0.0.1:" + port));
  }

  /** Whether the gateway answers. */
  public boolean answers() {
    try {
      return call("GET", "/v1/info", Map.of()).has("productName");
    } catch (CommandException e) {
      return false;
    }
  }

  /** Opens a session in which catalog {@code nova} is the current one. */
  public SqlSession open() {
    return openPlain().begun();
  }

  /** Opens a session without any setting, on a gateway that need not know the catalog. */
  public SqlSession openPlain() {
    JsonNode session = call("POST", VERSION + "/sessions", Map.of("sessionName", "nova"));
    return new SqlSession(this, VERSION + "/sessions/" + session.path("sessionHandle").asText());
  }

  /**
   * The answer to one request.
   *
   * @throws CommandException when the gateway does not answer, or answers with an error
   */
  JsonNode call(String method, String path, Map<String, ?> body) {
    try {
      HttpRequest.BodyPublisher content =
          method.equals("POST")
              ? BodyPublishers.ofString(JSON.writeValueAsString(body))
              : BodyPublishers.noBody();
      HttpRequest request =
          HttpRequest.newBuilder(address.resolve(path))
              .timeout(TIMEOUT)
              .header("Content-Type", "application/json")
              .method(method, content)
              .build();
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new CommandException(SqlErrors.reason(response.body()));
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new CommandException(
          "The SQL gateway at %s does not answer: %s".formatted(address, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("Interrupted while asking the SQL gateway.", e);
    }
  }
}
