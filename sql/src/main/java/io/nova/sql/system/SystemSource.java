package io.nova.sql.system;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceEnumerator;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** A bounded Flink source of a system table. The rows are read when its reader starts. */
final class SystemSource implements Source<RowData, SystemSplit, Collection<SystemSplit>> {
  private static final long serialVersionUID = 1L;

  private final SystemRows rows;

  /** A source of these rows. */
  SystemSource(SystemRows rows) {
    this.rows = rows;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<SystemSplit, Collection<SystemSplit>> createEnumerator(
      SplitEnumeratorContext<SystemSplit> context) {
    return restoreEnumerator(context, List.of(new SystemSplit(rows, 0)));
  }

  @Override
  public SplitEnumerator<SystemSplit, Collection<SystemSplit>> restoreEnumerator(
      SplitEnumeratorContext<SystemSplit> context, Collection<SystemSplit> splits) {
    return new IteratorSourceEnumerator<>(context, splits);
  }

  @Override
  public SourceReader<RowData, SystemSplit> createReader(SourceReaderContext context) {
    return new IteratorSourceReader<>(context);
  }

  @Override
  public SimpleVersionedSerializer<SystemSplit> getSplitSerializer() {
    return new SystemSplitSerializer(rows).ofOne();
  }

  @Override
  public SimpleVersionedSerializer<Collection<SystemSplit>> getEnumeratorCheckpointSerializer() {
    return new SystemSplitSerializer(rows);
  }
}
