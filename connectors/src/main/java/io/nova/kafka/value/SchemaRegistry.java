package io.nova.kafka.value;

import io.nova.event.format.SchemaText;
import java.io.IOException;

/** A registry that knows schemas by their ids. Any thread may ask it. */
interface SchemaRegistry extends AutoCloseable {
  /**
   * The schema with an id.
   *
   * @throws UnknownSchemaException where the registry says that it has no such schema, or that the
   *     schema is of a format that Nova does not read
   * @throws IOException where the registry gives no answer that can be used
   */
  SchemaText schema(int id) throws IOException, UnknownSchemaException;

  /** The registry, as messages name it. */
  String name();

  @Override
  void close();
}
