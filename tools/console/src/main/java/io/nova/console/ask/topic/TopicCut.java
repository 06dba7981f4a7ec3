package io.nova.console.ask.topic;

/**
 * The rows of a topic at one load. {@link TopicRows} guards its changing field by its own lock.
 *
 * @see TopicRows
 */
final class TopicCut {
  private final TopicForm form;
  private final String table;
  private final int load;
  private final long rows;
  private final long bytes;
  private final String bound;

  int users;

  /**
   * A cut.
   *
   * @param table the table in DuckDB; empty if the topic does not exist
   * @param load the load that the cut sees, with earlier ones
   * @param bytes about the size in memory
   * @param bound a sentence on the part of the topic that it has
   */
  TopicCut(TopicForm form, String table, int load, long rows, long bytes, String bound) {
    this.form = form;
    this.table = table;
    this.load = load;
    this.rows = rows;
    this.bytes = bytes;
    this.bound = bound;
  }

  String table() {
    return table;
  }

  int load() {
    return load;
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  String bound() {
    return bound;
  }

  /** The rows with the columns that users see. */
  String select() {
    return "SELECT %s FROM %s WHERE %s"
        .formatted(form.selectList(), table, TopicRows.visibleAt(load));
  }
}
