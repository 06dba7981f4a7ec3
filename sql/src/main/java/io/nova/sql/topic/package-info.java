/** Topics of the job as tables, read with Flink's own Kafka connector. */
@NullMarked
package io.nova.sql.topic;

import org.jspecify.annotations.NullMarked;
