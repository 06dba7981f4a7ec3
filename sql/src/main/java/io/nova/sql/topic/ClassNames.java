package io.nova.sql.topic;

import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Translates names of Kafka's classes in settings, such as a login module. In our jar Kafka's
 * clients are relocated to another package, so that they do not conflict with those of a job.
 */
final class ClassNames {
  /** Joined at run time, since the packaging relocates the literal. */
  private static final String PUBLISHED = String.join(".", "org", "apache", "kafka", "");

  private static final String OWN =
      CommonClientConfigs.class.getPackageName().replaceFirst("clients$", "");

  private ClassNames() {}

  /** The setting with relocated class names. */
  static String own(String setting) {
    return setting.replace(PUBLISHED, OWN);
  }
}
