package io.nova.job.shard;

/**
 * A shard's word that all its blocks of the batches up to one are sealed, and that it admits
 * nothing more to them.
 *
 * @param shard number of the shard
 * @param batch the greatest closed batch
 */
public record SealedUpTo(int shard, long batch) {}
