/**
 * Live views: what a subtask of the job holds in memory, served to queries over HTTP. Reads {@code
 * io.nova.block}; knows neither Flink nor SQL.
 */
@NullMarked
package io.nova.live;

import org.jspecify.annotations.NullMarked;
