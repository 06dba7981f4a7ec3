package io.nova.job.shard;

import io.nova.shard.BlockFile;
import org.jspecify.annotations.Nullable;

/**
 * One output of {@link BlockOperator}: a block file, or a shard's word that a batch is sealed.
 * Exactly one of the two is present. A Flink POJO.
 *
 * <p>Both take one edge, so a word never overtakes the shard's files.
 */
public final class BlockOutput {
  /** A file of sealed blocks. */
  public @Nullable BlockFile file;

  /** The batches that a shard has sealed. */
  public @Nullable SealedUpTo sealed;

  /** For Flink. */
  public BlockOutput() {}

  static BlockOutput of(BlockFile file) {
    BlockOutput output = new BlockOutput();
    output.file = file;
    return output;
  }

  static BlockOutput of(SealedUpTo sealed) {
    BlockOutput output = new BlockOutput();
    output.sealed = sealed;
    return output;
  }
}
