package io.nova.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of deploy/ fit their schemas, each other, and this version. No cluster is needed. */
class KubernetesFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path FOLDER = Path.of("kubernetes");

  private final List<KubernetesFile> files = KubernetesFile.in(FOLDER);

  private KubernetesFile file(String kind, String name) {
    return files.stream()
        .filter(file -> file.kind().equals(kind) && file.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no %s %s".formatted(kind, name)));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  @Test
  void everyDocumentFitsTheSchemaOfItsKind() {
    KubernetesSchemas schemas = KubernetesSchemas.own();

    assertThat(files).hasSizeGreaterThanOrEqualTo(6);
    assertThat(files)
        .allSatisfy(file -> assertThat(schemas.errors(file.content())).as("%s", file).isEmpty());
  }

  /** {@code -Dnova.operator.crd=FILE} names flinkdeployments.flink.apache.org-v1.yml. */
  @Test
  void flinkDeploymentsFitTheOperatorsDefinition() throws IOException {
    String definition = System.getProperty("nova.operator.crd", "");
    assumeTrue(!definition.isEmpty(), "skipped: -Dnova.operator.crd names no definition");
    KubernetesSchemas schemas =
        KubernetesSchemas.of(KubernetesFile.parse(Files.readString(Path.of(definition))));

    for (KubernetesFile file : files) {
      if (file.kind().equals("FlinkDeployment")) {
        assertThat(schemas.errors(file.content())).as("%s", file).isEmpty();
        ObjectNode wrong = file.content().deepCopy();
        ((ObjectNode) wrong.path("spec")).put("flinkVersio", "v2_3").put("mode", "natif");
        assertThat(schemas.errors(wrong)).hasSize(2);
      }
    }
  }

  @Test
  void aMisspelledFieldAndAWrongTypeAreErrors() {
    KubernetesSchemas schemas = KubernetesSchemas.own();
    for (KubernetesFile file : files) {
      ObjectNode misspelled = file.content().deepCopy();
      ((ObjectNode) misspelled.path("spec")).put("replicaz", 1);
      assertThat(schemas.errors(misspelled)).as("%s", file).isNotEmpty();

      ObjectNode wrongType = file.content().deepCopy();
      wrongType.put("spec", "a text");
      assertThat(schemas.errors(wrongType)).as("%s", file).isNotEmpty();
    }
    ObjectNode deep = file("NetworkPolicy", "nova-live").content().deepCopy();
    ((ObjectNode) deep.at("/spec/ingress/1/ports/0")).put("lastPort", 47199);
    assertThat(schemas.errors(deep)).isNotEmpty();
  }

  @Test
  void imagesAndFlinkAreOfThisVersion() throws IOException {
    String image = "nova:" + System.getProperty("nova.version");
    String flink = System.getProperty("nova.flink.version");
    String[] numbers = flink.split("\\.", -1);
    for (KubernetesFile file : files) {
      if (file.kind().equals("FlinkDeployment")) {
        assertThat(file.content().at("/spec/image").asText()).isEqualTo(image);
        assertThat(file.content().at("/spec/flinkVersion").asText())
            .isEqualTo("v%s_%s".formatted(numbers[0], numbers[1]));
      }
    }
    assertThat(
            file("Deployment", "nova-gateway")
                .content()
                .at("/spec/template/spec/containers/0/image")
                .asText())
        .isEqualTo(image);
    assertThat(Files.readString(Path.of("Containerfile")))
        .contains("FLINK=flink:%s-java17".formatted(flink))
        .contains("-t %s .".formatted(image));
  }

  @Test
  void everyOptionOfTheJobIsOneOfItsOptions() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/reference/job-options.md"));
    for (String word : texts(file("FlinkDeployment", "nova").content().at("/spec/job/args"))) {
      if (word.startsWith("--")) {
        assertThat(page).contains("`%s`".formatted(word.substring(2)));
      }
    }
  }

  @Test
  void queriesReachTheLivePortsAndNoOtherPortOfTheJob() {
    List<String> words = texts(file("FlinkDeployment", "nova").content().at("/spec/job/args"));
    String range = words.get(words.indexOf("--nova.live.ports") + 1);
    JsonNode policy = file("NetworkPolicy", "nova-live").content();
    JsonNode ports = policy.at("/spec/ingress/1/ports");

    assertThat(ports).hasSize(1);
    assertThat(ports.path(0).path("port").asText() + "-" + ports.path(0).path("endPort").asText())
        .isEqualTo(range);
    assertThat(texts(policy.at("/spec/ingress/1/from/0/podSelector/matchExpressions/0/values")))
        .containsExactly("nova-query", "nova-gateway");
    assertThat(policy.at("/spec/podSelector/matchLabels/app").asText())
        .isEqualTo(file("FlinkDeployment", "nova").name());
  }

  @Test
  void prometheusReachesTheMetricsPortsOfEveryFlinkProcess() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/operations/metrics.md"));
    for (String name : List.of("nova-live", "nova-jobmanager", "nova-query")) {
      List<JsonNode> rules =
          file("NetworkPolicy", name)
              .content()
              .at("/spec/ingress")
              .valueStream()
              .filter(rule -> rule.path("from").toString().contains("\"prometheus\""))
              .toList();
      assertThat(rules).as(name).hasSize(1);
      JsonNode ports = rules.get(0).at("/ports/0");
      assertThat(page)
          .contains(
              "metrics.reporter.prometheus.port: %s-%s"
                  .formatted(ports.path("port").asText(), ports.path("endPort").asText()));
    }
  }

  /** As FlinkProcesses of tools/cli starts them. */
  @Test
  void everyFlinkProcessHasTimeToStart() {
    for (KubernetesFile file : files) {
      if (file.kind().equals("FlinkDeployment")) {
        JsonNode configuration = file.content().at("/spec/flinkConfiguration");
        for (String process : List.of("jobmanager", "taskmanager")) {
          assertThat(configuration.path("env.java.opts." + process).asText())
              .as("%s of %s", process, file)
              .contains("-Dpekko.remote.classic.startup-timeout=120s");
        }
      }
    }
  }

  @Test
  void everyPodHasAPolicy() {
    List<Map<String, String>> pods = files.stream().flatMap(KubernetesFilesTest::pods).toList();

    assertThat(pods).hasSize(5);
    assertThat(pods)
        .allSatisfy(
            pod -> assertThat(files).as("policy of %s", pod).anyMatch(file -> guards(file, pod)));
  }

  /** The labels of the pods that a file makes. Flink names its pods by the deployment. */
  private static Stream<Map<String, String>> pods(KubernetesFile file) {
    return switch (file.kind()) {
      case "FlinkDeployment" ->
          Stream.of("jobmanager", "taskmanager")
              .map(component -> Map.of("app", file.name(), "component", component));
      case "NetworkPolicy", "Service" -> Stream.of();
      default -> Stream.of(labels(file.content().at("/spec/template/metadata/labels")));
    };
  }

  private static Map<String, String> labels(JsonNode labels) {
    return labels
        .propertyStream()
        .collect(Collectors.toMap(Map.Entry::getKey, label -> label.getValue().asText()));
  }

  /** A policy without labels would guard every pod, and one without sources nobody. */
  private static boolean guards(KubernetesFile file, Map<String, String> pod) {
    JsonNode spec = file.content().path("spec");
    Map<String, String> chosen = labels(spec.at("/podSelector/matchLabels"));
    return file.kind().equals("NetworkPolicy")
        && texts(spec.path("policyTypes")).contains("Ingress")
        && spec.path("ingress").valueStream().allMatch(rule -> !rule.path("from").isEmpty())
        && !chosen.isEmpty()
        && pod.entrySet().containsAll(chosen.entrySet());
  }

  @Test
  void thereIsAPortForEverySubtaskOfATaskManager() {
    JsonNode job = file("FlinkDeployment", "nova").content();
    List<String> words = texts(job.at("/spec/job/args"));
    String[] range = words.get(words.indexOf("--nova.live.ports") + 1).split("-", -1);
    int slots = job.at("/spec/flinkConfiguration").path("taskmanager.numberOfTaskSlots").asInt();

    assertThat(Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1)
        .isGreaterThanOrEqualTo(slots);
  }

  @Test
  void theServiceFindsTheGateway() {
    JsonNode gateway = file("Deployment", "nova-gateway").content();
    JsonNode service = file("Service", "nova-gateway").content();
    JsonNode policy = file("NetworkPolicy", "nova-gateway").content();
    Map<String, JsonNode> selectors =
        Map.of(
            "the deployment's", gateway.at("/spec/selector/matchLabels"),
            "the service's", service.at("/spec/selector"),
            "the policy's", policy.at("/spec/podSelector/matchLabels"));

    assertThat(selectors)
        .allSatisfy(
            (name, selector) ->
                assertThat(selector).isEqualTo(gateway.at("/spec/template/metadata/labels")));
    assertThat(
            List.of(
                service.at("/spec/ports/0/port").asInt(),
                policy.at("/spec/ingress/0/ports/0/port").asInt(),
                gateway.at("/spec/template/spec/containers/0/ports/0/containerPort").asInt()))
        .containsOnly(8083);
  }

  @Test
  void theGatewaySendsQueriesToTheClusterForQueries() {
    Set<String> words =
        new TreeSet<>(
            texts(
                file("Deployment", "nova-gateway")
                    .content()
                    .at("/spec/template/spec/containers/0/args")));

    assertThat(words)
        .contains(
            "-Drest.address=%s-rest".formatted(file("FlinkDeployment", "nova-query").name()),
            "-Dsql-gateway.endpoint.rest.address=" + file("Service", "nova-gateway").name());
  }
}
