package io.nova.live.server;

import io.nova.event.row.RowCursor;
import io.nova.live.protocol.BlocksRequest;
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
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a pinned view as an Avro data file. It is encoded on demand, segment by segment, so
 * memory contains at most one segment and its encoded rows.
 *
 * <p>Not thread safe, but different threads may use it one after the other.
 */
final class RowStream {
  private static final int AVRO_BLOCK_BYTES = 64 * 1024;
  private static final int ZSTD_LEVEL = 1;

  /** Longest delay of rows while a block of the file fills. */
  private static final long MAX_DELAY_NANOS = 1_000_000_000;

  private static final ByteBuffer EMPTY_ROW = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /**
   * A segment of an open block.
   *
   * @param shard the number of its shard
   * @param sealedTo the sequence of the last block that the shard had sealed
   * @param firstRow the number of the block's rows before it
   * @param skip the number of its first rows that the answer leaves out
   */
  record Part(int shard, long sealedTo, long firstRow, SegmentView segment, long skip) {}

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
  private long toSkip;
  private long rows;
  private long flushedNanos;

  private RowStream(List<Integer> columns, RowFilter filter, long limit, LongSupplier nanoClock)
      throws IOException {
    this.columns = new RowColumns(columns);
    this.filter = filter;
    this.limit = limit;
    this.nanoClock = nanoClock;
    this.lastColumn = Math.max(this.columns.lastColumn(), filter.lastColumn());
    this.flushedNanos = nanoClock.getAsLong();
    avro.setCodec(CodecFactory.zstandardCodec(ZSTD_LEVEL));
    avro.setSyncInterval(AVRO_BLOCK_BYTES);
    avro.create(this.columns.schema(), out);
  }

  /**
   * The rows of a view that a request asks for.
   *
   * @throws IllegalArgumentException if the request names unknown shards or columns
   */
  static RowStream of(SubtaskView view, RowsRequest request, LongSupplier nanoClock)
      throws IOException {
    RowStream stream =
        new RowStream(
            request.columns(), RowFilter.of(request.filter()), request.limit(), nanoClock);
    stream.addShards(view, request.shards());
    return stream;
  }

  /**
   * The newer rows of the blocks that a request names.
   *
   * @throws IllegalArgumentException if the request names unknown blocks or columns, or skips more
   *     rows than a block has
   */
  static RowStream of(SubtaskView view, BlocksRequest request, LongSupplier nanoClock)
      throws IOException {
    RowStream stream =
        new RowStream(request.columns(), RowFilter.none(), Long.MAX_VALUE, nanoClock);
    stream.addBlocks(view, request.blocks());
    return stream;
  }

  private void addBlocks(SubtaskView view, List<BlocksRequest.Block> blocks) {
    record Key(int shard, long interval) {}
    Map<Key, BlockView> open =
        view.open().stream()
            .collect(
                Collectors.toMap(
                    block -> new Key(block.shard(), block.interval()), Function.identity()));
    Map<Integer, Long> sealedTo = sealedTo(view);
    for (BlocksRequest.Block wanted : blocks) {
      BlockView block = open.remove(new Key(wanted.shard(), wanted.interval()));
      if (block == null || block.rows() < wanted.skip()) {
        throw new IllegalArgumentException(
            "Block %d of shard %d, rows after %d: found %s, expected an open block that the pinned view names, once"
                .formatted(
                    wanted.interval(),
                    wanted.shard(),
                    wanted.skip(),
                    block == null ? "no such block" : block.rows() + " rows"));
      }
      addParts(block, sealedTo, wanted.skip());
    }
  }

  private static Map<Integer, Long> sealedTo(SubtaskView view) {
    return view.shards().stream()
        .collect(Collectors.toMap(SubtaskView.ShardEnd::shard, SubtaskView.ShardEnd::sealed));
  }

  private void addShards(SubtaskView view, List<Integer> shards) {
    Set<Integer> wanted = new HashSet<>(shards);
    Map<Integer, Long> sealedTo = sealedTo(view);
    if (!sealedTo.keySet().containsAll(wanted)) {
      wanted.removeAll(sealedTo.keySet());
      throw new IllegalArgumentException(
          "Shards " + wanted + " are not served here. Expected shards that the pinned view names.");
    }
    for (BlockView block : view.open()) {
      if (wanted.contains(block.shard())) {
        addParts(block, sealedTo, 0);
      }
    }
  }

  /** Adds the segments of a block that have rows after the skipped ones. */
  private void addParts(BlockView block, Map<Integer, Long> sealedTo, long skip) {
    long sealed = sealedTo.getOrDefault(block.shard(), 0L);
    long first = 0;
    for (SegmentView segment : block.segments()) {
      long skipped = Math.max(0, skip - first);
      if (skipped < segment.rows()) {
        parts.add(new Part(block.shard(), sealed, first, segment, skipped));
      }
      first += segment.rows();
    }
  }

  /** Takes the next segment; null after the last one, and once the limit is reached. */
  @Nullable Part next() {
    Part part = rows >= limit ? null : parts.poll();
    toSkip = part == null ? 0 : part.skip();
    return part;
  }

  /** Whether the request only counts rows, so that no segment need be read. */
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

  /** Reads rows of a block file. */
  void read(SealedRows file, long first, long count) throws IOException {
    file.read(first, count, this::take);
  }

  private void take(byte[] bytes, int offset, int length) {
    if (toSkip > 0) {
      toSkip--;
      return;
    }
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

  /** Takes the encoded bytes since the last call; empty while a block of the file fills. */
  byte[] takeEncoded() throws IOException {
    if (nanoClock.getAsLong() - flushedNanos > MAX_DELAY_NANOS) {
      avro.sync();
    }
    return takeBytes();
  }

  /** Takes the last bytes of the file. */
  byte[] takeEnd() throws IOException {
    avro.close();
    return takeBytes();
  }

  private byte[] takeBytes() {
    if (out.size() > 0) {
      flushedNanos = nanoClock.getAsLong();
    }
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }
}
