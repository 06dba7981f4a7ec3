package io.nova.live.protocol;

import java.util.List;

/**
 * A request for the newer rows of open blocks of a pinned view. A client that keeps rows of a block
 * asks for those after them. JSON on the wire.
 *
 * <p>The answer is an Avro data file as for {@link RowsRequest}. It has the rows of the blocks in
 * the order of the request. Within one generation and attempt, an open block only grows at its end,
 * and its block file begins with the same rows.
 *
 * @param lease the lease of {@link PinnedView#lease()}
 * @param blocks the blocks to read, each once
 * @param columns field ids of the table's columns; at least one
 */
public record BlocksRequest(String lease, List<Block> blocks, List<Integer> columns) {
  /**
   * An open block.
   *
   * @param shard number of its shard
   * @param interval number of its interval since 1970
   * @param skip number of its first rows that the answer leaves out, 0 or more
   */
  public record Block(int shard, long interval, long skip) {
    /**
     * Checks the number of rows.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Block {
      if (skip < 0) {
        throw new IllegalArgumentException("Rows to skip " + skip + ": expected 0 or more");
      }
    }
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no column
   */
  public BlocksRequest {
    blocks = List.copyOf(blocks);
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("Columns: found none, expected one or more");
    }
  }
}
