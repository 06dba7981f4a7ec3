package io.nova.event;

import java.util.Locale;

/** The reason why a message was rejected. The wire names are part of a format. */
public enum RejectReason {
  /** The Kafka record has no value. */
  NULL_VALUE,
  /** The Kafka record's value has no bytes. */
  EMPTY,
  /** The value is no record of its Avro or Protobuf schema, or no registry has its schema. */
  UNDECODABLE,
  /** Not one well-formed JSON value in valid UTF-8. */
  NOT_JSON,
  /** JSON, but not an object. */
  NOT_AN_OBJECT,
  /** A key occurs twice, at the top level or where a pointer of the mapping passes. */
  DUPLICATE_KEY,
  /** Nested deeper than {@link EventParser#MAX_DEPTH}. */
  TOO_DEEP,
  /** The message has nothing at the place where the mapping expects its elements. */
  ELEMENTS_MISSING,
  /** The elements are no array, or too many, or their envelope or all its copies are too large. */
  ELEMENTS_INVALID,
  APP_MISSING,
  APP_INVALID,
  UPLOAD_TIME_MISSING,
  UPLOAD_TIME_INVALID,
  /** No kind of identity is complete, or a named field of it is absent. */
  IDENTITY_MISSING,
  /** A field of the identity has a type or a form that cannot be compared. */
  IDENTITY_INVALID,
  /** The upload time is further below the progress of its partition than the lateness limit. */
  TOO_LATE,
  /** The upload time is after the Kafka record's timestamp, by more than the tolerance. */
  TOO_EARLY,
  /** An admitted event of its identity has another payload, and the policy is to reject it. */
  CONFLICTING,
  /** Fingerprints of its dedup window have been lost. */
  UNKNOWN,
  /** New, and its batch is closed. */
  BATCH_CLOSED,
  /** The batch layer answers for it: its message was read before the batch was closed. */
  HANDED_OFF;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in headers, metrics and reports, such as {@code too_late}. */
  public String wireName() {
    return wireName;
  }
}
