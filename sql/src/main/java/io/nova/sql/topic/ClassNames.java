package io.nova.sql.topic;

import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Names of Kafka's classes in settings. In our jar Kafka's clients lie under another package, so
 * that they never meet those of a job; who names a login module in a setting need not know that.
 */
final class ClassNames {
  /** In pieces, or the packaging would rename this, too. */
  private static final String PUBLISHED = String.join(".", "org", "apache", "kafka", "");

  private static final String OWN =
      CommonClientConfigs.class.getPackageName().replaceFirst("clients$", "");

  private ClassNames() {}

  /** The setting with the names that Kafka's classes have here. */
  static String own(String setting) {
    return setting.replace(PUBLISHED, OWN);
  }
}
