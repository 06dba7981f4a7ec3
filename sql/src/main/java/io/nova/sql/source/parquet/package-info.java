/** Chunks: which row groups, pages and rows are read, and their cells. */
@NullMarked
package io.nova.sql.source.parquet;

import org.jspecify.annotations.NullMarked;
