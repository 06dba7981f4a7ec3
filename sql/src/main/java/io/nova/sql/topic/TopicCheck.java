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
 * Whether a topic is there, asked before a query runs: its job would try for minutes.
 *
 * @param table the table that the topic is behind
 * @param options of that table
 */
record TopicCheck(String table, Map<String, String> options) {
  private static final String CLIENT_OPTION = "properties.";
  private static final int PATIENCE_SECONDS = 15;

  /**
   * Asks the broker.
   *
   * @throws CatalogException if it does not answer, or has no such topic
   */
  void require() {
    try (Admin admin = Admin.create(clientSettings())) {
      Map<String, TopicDescription> unused =
          admin
              .describeTopics(List.of(topic()))
              .allTopicNames()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

  // Without a cause: the SQL client, and ours, show the innermost one, which says less.

  private CatalogException missing() {
    return new CatalogException(
        ("Table %s: topic %s is not on the broker %s. Make it, or correct the catalog's "
                + "option 'kafka.rejected-topic' or 'kafka.duplicates-topic': it must be the "
                + "topic that the job writes to.")
            .formatted(table, topic(), broker()));
  }

  private CatalogException unreachable(@Nullable Throwable reason) {
    return new CatalogException(
        ("Table %s: broker %s was asked for topic %s and did not tell (%s). Look "
                + "whether it runs and whether the catalog's option 'kafka.bootstrap-servers' is "
                + "its address.")
            .formatted(table, broker(), topic(), reason));
  }
}
