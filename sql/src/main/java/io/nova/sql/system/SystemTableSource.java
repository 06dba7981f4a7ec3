package io.nova.sql.system;

import io.nova.live.cut.LiveAccess;
import io.nova.sql.source.Warehouse;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;

/** A system table while Flink plans a query. It is small, so nothing is pushed down. */
public final class SystemTableSource implements ScanTableSource {
  private final SystemRows rows;

  /** A source of this table. */
  public SystemTableSource(SystemTable table, Warehouse warehouse, LiveAccess access) {
    this(new SystemRows(table, warehouse, access));
  }

  private SystemTableSource(SystemRows rows) {
    this.rows = rows;
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    return SourceProvider.of(new SystemSource(rows));
  }

  @Override
  public DynamicTableSource copy() {
    return new SystemTableSource(rows);
  }

  @Override
  public String asSummaryString() {
    return "Nova %s of %s".formatted(rows.table().title(), rows.warehouse().location());
  }
}
