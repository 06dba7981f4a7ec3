/** Queries that follow the table: each later event, once. */
@NullMarked
package io.nova.sql.source.follow;

import org.jspecify.annotations.NullMarked;
