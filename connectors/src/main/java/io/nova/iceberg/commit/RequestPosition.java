package io.nova.iceberg.commit;

/**
 * The place of a request in the topic {@code batches}.
 *
 * @param topicId Kafka's id of the topic
 * @param offset the offset of its record
 */
public record RequestPosition(String topicId, long offset) {}
