/** What the Flink cluster is configured to: used by the job and by queries alike. */
@NullMarked
package io.nova.cluster;

import org.jspecify.annotations.NullMarked;
