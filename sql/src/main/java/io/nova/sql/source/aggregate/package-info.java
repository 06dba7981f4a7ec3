/** Aggregates that a scan returns in place of rows. */
@NullMarked
package io.nova.sql.source.aggregate;

import org.jspecify.annotations.NullMarked;
