package io.nova.cli.cluster;

import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopTables;

/** The offsets of the topic that runs of the job went on without, as the table's history says. */
public final class GivenUpOffsets {
  private static final String SUMMARY_KEY = "nova.given-up";

  private GivenUpOffsets() {}

  /** Ranges such as {@code 3:100-111} of a warehouse's table; none if there is no table. */
  public static List<String> of(String warehouse) {
    try {
      Table table = new HadoopTables(new Configuration()).load(warehouse + "/nova/events");
      return StreamSupport.stream(table.snapshots().spliterator(), false)
          .map(snapshot -> snapshot.summary().get(SUMMARY_KEY))
          .filter(Objects::nonNull)
          .flatMap(ranges -> List.of(ranges.split(",", -1)).stream())
          .distinct()
          .toList();
    } catch (NoSuchTableException e) {
      return List.of();
    }
  }
}
