package io.nova.kafka.value;

import java.io.Serial;

/** The schema registry says that it has no such schema. */
final class UnknownSchemaException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  UnknownSchemaException(String message) {
    super(message);
  }
}
