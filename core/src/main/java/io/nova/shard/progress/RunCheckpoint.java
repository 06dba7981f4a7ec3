package io.nova.shard.progress;

/**
 * A checkpoint, or a savepoint, by the run of the job that took it: a job restored from an older
 * one counts from there again, but one run uses each number once, and greater ones later.
 *
 * @param generation the run
 * @param id Flink's number of the checkpoint
 */
public record RunCheckpoint(String generation, long id) {}
