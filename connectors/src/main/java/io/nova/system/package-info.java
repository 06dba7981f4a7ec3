/** The rows of the system tables, as plain values. Flink SQL and the fast path share them. */
@NullMarked
package io.nova.system;

import org.jspecify.annotations.NullMarked;
