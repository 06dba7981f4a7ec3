package io.nova.shard.progress;

/**
 * A checkpoint or savepoint, named by the run of the job that took it and its id. Ids repeat after
 * a restore from an older savepoint. Within one run they rise.
 *
 * @param generation the run's UUID
 * @param id Flink's id of the checkpoint
 */
public record RunCheckpoint(String generation, long id) {}
