package io.nova.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * The errors of a document: missing fields, values of a wrong type, and fields that its kind does
 * not have. Kubernetes itself drops an unknown field without a word.
 */
final class KubernetesSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  private final JsonSchema flinkDeployment;

  private KubernetesSchemas(JsonNode flinkDeployment) {
    this.flinkDeployment = FACTORY.getSchema(flinkDeployment);
  }

  /** With the schema of FlinkDeployment that the test resources have. */
  static KubernetesSchemas own() {
    try (InputStream schema =
        KubernetesSchemas.class.getResourceAsStream("/flink-deployment.schema.json")) {
      return new KubernetesSchemas(JSON.readTree(Objects.requireNonNull(schema)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the operator's own definition of FlinkDeployment. */
  static KubernetesSchemas of(JsonNode definition) {
    ObjectNode schema = definition.at("/spec/versions/0/schema/openAPIV3Schema").deepCopy();
    ObjectNode properties = (ObjectNode) schema.path("properties");
    for (String common : List.of("apiVersion", "kind", "metadata")) {
      properties.putObject(common);
    }
    close(schema);
    return new KubernetesSchemas(schema);
  }

  /** Forbids unknown fields wherever the fields are listed. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")
        && !object.has("x-kubernetes-preserve-unknown-fields")) {
      object.put("additionalProperties", false);
    }
    schema.forEach(KubernetesSchemas::close);
  }

  /** What is wrong with a document; empty if nothing is. */
  List<String> errors(JsonNode document) {
    return switch (document.path("kind").asText()) {
      case "FlinkDeployment" ->
          flinkDeployment.validate(document).stream().map(ValidationMessage::getMessage).toList();
      case "Deployment" -> errors(document, V1Deployment::validateJsonElement);
      case "Service" -> errors(document, V1Service::validateJsonElement);
      case "NetworkPolicy" -> errors(document, V1NetworkPolicy::validateJsonElement);
      default -> List.of("no schema for kind " + document.path("kind"));
    };
  }

  /** A check of one kind by Kubernetes' own client. */
  private interface Check {
    void of(com.google.gson.JsonElement document) throws IOException;
  }

  private static List<String> errors(JsonNode document, Check check) {
    try {
      check.of(JsonParser.parseString(document.toString()));
      return List.of();
    } catch (IOException | RuntimeException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }
}
