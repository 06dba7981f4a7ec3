/** The sides that {@code nova bench} compares, on one cluster: Nova, and Flink SQL. */
@NullMarked
package io.nova.bench.side;

import org.jspecify.annotations.NullMarked;
