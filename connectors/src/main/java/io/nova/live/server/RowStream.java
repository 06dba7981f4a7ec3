package io.nova.live.server;

import io.nova.event.row.RowCursor;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.protocol.SubtaskView;
import io.nova.shard.BlockView;
import io.nova.shard.log.Segment;
import io.nova.shard.log.SegmentView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a pinned view as the bytes of an Avro data file, made segment by segment as they are
 * asked for: at no time is there more in memory than one segment and what was made of it.
 *
 * <p>Not thread safe: one thread after the other.
 */
final class RowStream {
  private static final int AVRO_BLOCK_BYTES = 64 * 1024;
  private static final int ZSTD_LEVEL = 1;

  /** For how long rows are held back to make a block of the file. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final ByteBuffer EMPTY_ROW = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** A segment and whose it is. */
  record Part(int shard, SegmentView segment) {}

  private final Deque<Part> parts = new ArrayDeque<>();
  private final RowColumns columns;
  private final RowFilter filter;
  private final long limit;
  private final LongSupplier nanoClock;
  private final RowCursor cursor = new RowCursor();
  private final int lastColumn;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final DataFileWriter<GenericRecord> avro =
      new DataFileWriter<>(new GenericDatumWriter<>());
  private byte[] row = new byte[1024];
  private long rows;
  private long flushedNanos;

  /**
   * Rows of a view.
   *
   * @throws IllegalArgumentException where the request does not fit the view or the table
   */
  RowStream(SubtaskView view, RowsRequest request, LongSupplier nanoClock) throws IOException {
    this.columns = new RowColumns(request.columns());
    this.filter = RowFilter.of(request.filter());
    this.limit = request.limit();
    this.nanoClock = nanoClock;
    this.lastColumn = Math.max(columns.lastColumn(), filter.lastColumn());
    this.flushedNanos = nanoClock.getAsLong();
    addParts(view, request.shards());
    avro.setCodec(CodecFactory.zstandardCodec(ZSTD_LEVEL));
    avro.setSyncInterval(AVRO_BLOCK_BYTES);
    avro.create(columns.schema(), out);
  }

  private void addParts(SubtaskView view, List<Integer> shards) {
    Set<Integer> wanted = new HashSet<>(shards);
    Set<Integer> served =
        view.shards().stream().map(SubtaskView.ShardEnd::shard).collect(Collectors.toSet());
    if (!served.containsAll(wanted)) {
      wanted.removeAll(served);
      throw new IllegalArgumentException(
          "Shards " + wanted + " are not served here. Expected some of those that the pin named.");
    }
    for (BlockView block : view.open()) {
      if (wanted.contains(block.shard())) {
        block.segments().forEach(segment -> parts.add(new Part(block.shard(), segment)));
      }
    }
  }

  /** Takes the next segment to be read; null behind the last, and where no more rows are wanted. */
  @Nullable Part next() {
    return rows >= limit ? null : parts.poll();
  }

  /** Whether a segment's rows need not be read, since they are only counted. */
  boolean countsOnly() {
    return columns.none() && filter.keepsAll();
  }

  /** Counts the rows of a segment. */
  void count(SegmentView segment) throws IOException {
    for (long end = Math.min(limit, rows + segment.rows()); rows < end; rows++) {
      avro.appendEncoded(EMPTY_ROW);
    }
  }

  /** Reads the rows of a full segment, as stored. */
  void read(byte[] stored) {
    Segment.read(stored, (high, low, bytes, offset, length) -> take(bytes, offset, length));
  }

  /** Reads the rows of a tail. */
  void read(SegmentView.Tail tail) {
    Segment.read(tail, (high, low, bytes, offset, length) -> take(bytes, offset, length));
  }

  private void take(byte[] bytes, int offset, int length) {
    if (rows >= limit) {
      return;
    }
    cursor.move(bytes, offset, lastColumn);
    if (filter.keeps(cursor)) {
      append(columns.all() ? ByteBuffer.wrap(bytes, offset, length) : chosen(bytes));
      rows++;
    }
  }

  private ByteBuffer chosen(byte[] bytes) {
    int length = columns.length(cursor);
    if (row.length < length) {
      row = new byte[Math.max(length, 2 * row.length)];
    }
    columns.copy(cursor, bytes, row);
    return ByteBuffer.wrap(row, 0, length);
  }

  private void append(ByteBuffer encoded) {
    try {
      avro.appendEncoded(encoded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes made since the last call; none where what there is does not make a block yet. */
  byte[] made() throws IOException {
    if (nanoClock.getAsLong() - flushedNanos > PATIENCE_NANOS) {
      avro.sync();
    }
    return taken();
  }

  /** The last bytes. */
  byte[] end() throws IOException {
    avro.close();
    return taken();
  }

  private byte[] taken() {
    if (out.size() > 0) {
      flushedNanos = nanoClock.getAsLong();
    }
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }
}
