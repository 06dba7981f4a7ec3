package io.nova.sql.topic;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Checks before a query runs that its topic exists. Otherwise the Flink job would retry for
 * minutes.
 *
 * @param table name of the table over the topic
 * @param options options of that table
 */
record TopicCheck(String table, Map<String, String> options) {
  private static final String CLIENT_OPTION = "properties.";
  private static final int TIMEOUT_SECONDS = 15;

  /**
   * Requests the topic's description from the broker. Blocks for up to 15 seconds.
   *
   * @throws CatalogException if the broker does not answer, or does not have the topic
   */
  void require() {
    try (Admin admin = Admin.create(clientSettings())) {
      Map<String, TopicDescription> unused =
          admin
              .describeTopics(List.of(topic()))
              .allTopicNames()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UnknownTopicOrPartitionException
          ? missing()
          : unreachable(e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private Properties clientSettings() {
    Properties settings = new Properties();
    options.forEach(
        (name, value) -> {
          if (name.startsWith(CLIENT_OPTION)) {
            settings.setProperty(name.substring(CLIENT_OPTION.length()), value);
          }
        });
    settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    return settings;
  }

  private String topic() {
    return options.getOrDefault("topic", "");
  }

  private String broker() {
    return options.getOrDefault(
        CLIENT_OPTION + AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "(none)");
  }

  // Without a cause: SQL clients show the innermost message only.

  private CatalogException missing() {
    return new CatalogException(
        ("Table %s: topic %s is not on the broker %s. Create it, or correct the catalog's "
                + "option 'kafka.rejected-topic' or 'kafka.duplicates-topic': it must be the "
                + "topic that the job writes to.")
            .formatted(table, topic(), broker()));
  }

  private CatalogException unreachable(@Nullable Throwable reason) {
    return new CatalogException(
        ("Table %s: broker %s did not answer a request for topic %s (%s). Check that it runs "
                + "and that the catalog's option 'kafka.bootstrap-servers' is its address.")
            .formatted(table, broker(), topic(), reason));
  }
}
