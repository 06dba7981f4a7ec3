package io.nova.kafka.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.event.format.SchemaText;
import io.nova.event.format.ValueFormat;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A schema registry that speaks Confluent's REST API: Confluent's own, Karapace, Apicurio or
 * Redpanda.
 *
 * <p>An unknown schema is a 404 with one of the API's error codes. Any other 404 may come from a
 * wrong URL or a proxy, and is no answer.
 */
final class HttpSchemaRegistry implements SchemaRegistry {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Timeout TIMEOUT = Timeout.of(Duration.ofSeconds(10));
  private static final int LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

  /** Subject not found, version not found, schema not found. */
  private static final List<Integer> NOT_FOUND = List.of(40401, 40402, 40403);

  private final String url;
  private final String authorization;
  private final CloseableHttpClient http;

  /**
   * A registry.
   *
   * @param url its address, with or without a slash at the end
   * @param authorization the value of the header Authorization; empty for none
   */
  HttpSchemaRegistry(String url, String authorization) {
    this.url = url.replaceAll("/+$", "");
    this.authorization = authorization;
    this.http = http();
  }

  private static CloseableHttpClient http() {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(TIMEOUT)
                        .setSocketTimeout(TIMEOUT)
                        .build())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setResponseTimeout(TIMEOUT)
                .setAuthenticationEnabled(false)
                .build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .build();
  }

  @Override
  public SchemaText schema(int id) throws IOException, UnknownSchemaException {
    String number = Integer.toUnsignedString(id);
    return text("schema-" + number + ".proto", get("/schemas/ids/" + number));
  }

  private SchemaText text(String name, JsonNode answer) throws IOException, UnknownSchemaException {
    JsonNode schema = answer.path("schema");
    if (!schema.isTextual()) {
      throw new IOException("found an answer without the text \"schema\"");
    }
    ValueFormat format = format(answer.path("schemaType").asText("AVRO"));
    List<SchemaText> references = new ArrayList<>();
    for (JsonNode reference : answer.path("references")) {
      references.add(
          text(
              reference.path("name").asText(),
              get(
                  "/subjects/%s/versions/%d"
                      .formatted(
                          segment(reference.path("subject").asText()),
                          reference.path("version").asInt()))));
    }
    return new SchemaText(format, name, schema.textValue(), references);
  }

  /** JSON Schema describes JSON, and messages of JSON need no schema. */
  private static ValueFormat format(String type) throws UnknownSchemaException {
    return ValueFormat.of(type.toLowerCase(Locale.ROOT))
        .filter(format -> format != ValueFormat.JSON)
        .orElseThrow(
            () ->
                new UnknownSchemaException("it is %s, expected AVRO or PROTOBUF".formatted(type)));
  }

  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode get(String path) throws IOException, UnknownSchemaException {
    HttpGet request = new HttpGet(url + path);
    request.addHeader(
        HttpHeaders.ACCEPT, "application/vnd.schemaregistry.v1+json, application/json");
    if (!authorization.isEmpty()) {
      request.addHeader(HttpHeaders.AUTHORIZATION, authorization);
    }
    Answer answer = http.execute(request, HttpSchemaRegistry::answer);
    if (answer.status == 200) {
      return json(answer);
    }
    if (answer.status == 404 && NOT_FOUND.contains(errorCode(answer))) {
      throw new UnknownSchemaException("the registry does not know it (%s)".formatted(path));
    }
    throw new IOException(
        "found HTTP status %d for %s, expected 200".formatted(answer.status, path));
  }

  /** An answer as it came. */
  private record Answer(int status, String body) {}

  private static Answer answer(ClassicHttpResponse response) throws IOException, ParseException {
    HttpEntity body = response.getEntity();
    return new Answer(
        response.getCode(),
        body == null
            ? ""
            : EntityUtils.toString(body, StandardCharsets.UTF_8, LARGEST_ANSWER_BYTES));
  }

  private static JsonNode json(Answer answer) throws IOException {
    return JSON.readTree(answer.body);
  }

  private static int errorCode(Answer answer) {
    try {
      return json(answer).path("error_code").asInt();
    } catch (IOException noJson) {
      return 0;
    }
  }

  @Override
  public String name() {
    return url;
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
