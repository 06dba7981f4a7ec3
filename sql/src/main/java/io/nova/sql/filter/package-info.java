/** Filters that the scan takes over from Flink. */
@NullMarked
package io.nova.sql.filter;

import org.jspecify.annotations.NullMarked;
