/** Messages, rejections and duplicates on Kafka, and the progress of upload time. */
@NullMarked
package io.nova.kafka;

import org.jspecify.annotations.NullMarked;
