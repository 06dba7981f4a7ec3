package io.nova.console.chart;

import java.util.List;
import java.util.Optional;

/** The user of an event as one text: the kind of the id and the id. Empty ids count as missing. */
enum UserKey {
  AMPLITUDE_ID("amplitude_id", "amplitude_id IS NOT NULL"),
  USER_ID("user_id", "amplitude_id IS NULL AND user_id <> ''"),
  DEVICE_ID("device_id", "amplitude_id IS NULL AND coalesce(user_id, '') = '' AND device_id <> ''");

  /**
   * The kind as a letter and the id; NULL if the event has no id. The column {@code user} is the
   * id. Ids of two kinds may be the same text.
   */
  static final String SQL =
      "CASE WHEN amplitude_id IS NOT NULL THEN 'a' WHEN user_id <> '' THEN 'u' ELSE 'd' END"
          + " || \"user\"";

  private final String word;
  private final String condition;

  UserKey(String word, String condition) {
    this.word = word;
    this.condition = condition;
  }

  static Optional<UserKey> read(FormReader form, String key) {
    return form.optionalChoice(key, List.of(values()), kind -> kind.word);
  }

  /** The name of the kind. */
  String word() {
    return word;
  }

  /** The condition that the user of an event is named by this kind. */
  String condition() {
    return condition;
  }
}
