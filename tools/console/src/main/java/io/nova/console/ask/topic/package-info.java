/**
 * The tables {@code rejected} and {@code duplicates}: the newest records of two topics in DuckDB.
 */
@NullMarked
package io.nova.console.ask.topic;

import org.jspecify.annotations.NullMarked;
