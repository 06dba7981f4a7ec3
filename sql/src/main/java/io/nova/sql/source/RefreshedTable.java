package io.nova.sql.source;

import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** A table that is loaded once and looked at again at each call. Used by one thread. */
final class RefreshedTable implements Supplier<Table> {
  private final Supplier<Table> first;
  private @Nullable Table table;

  RefreshedTable(Supplier<Table> first) {
    this.first = first;
  }

  @Override
  public Table get() {
    if (table == null) {
      table = first.get();
    } else {
      table.refresh();
    }
    return table;
  }
}
