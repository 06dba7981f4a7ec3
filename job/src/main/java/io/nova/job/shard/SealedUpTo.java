package io.nova.job.shard;

/**
 * A shard's word that all its blocks of the batches up to one are sealed, and that it admits
 * nothing more to them.
 *
 * @param shard number of the shard
 * @param batch the greatest closed batch
 * @param completed the greatest completed batch that the table named when the shard began
 */
public record SealedUpTo(int shard, long batch, long completed) {}
