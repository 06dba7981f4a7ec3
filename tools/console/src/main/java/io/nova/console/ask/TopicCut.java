package io.nova.console.ask;

/**
 * The rows of a topic at one load. {@link TopicRows} guards its changing field by its own lock.
 *
 * @see TopicRows
 */
final class TopicCut {
  private final TopicForm form;
  private final String table;
  private final int load;
  private final AskCut.Size size;
  private final String bound;

  int users;

  /**
   * A cut.
   *
   * @param table the table in DuckDB; empty if the topic does not exist
   * @param load the load that the cut sees, with earlier ones
   * @param bound a sentence on the part of the topic that it has
   */
  TopicCut(TopicForm form, String table, int load, AskCut.Size size, String bound) {
    this.form = form;
    this.table = table;
    this.load = load;
    this.size = size;
    this.bound = bound;
  }

  String table() {
    return table;
  }

  int load() {
    return load;
  }

  AskCut.Size size() {
    return size;
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
