/** Queries that follow the table: they show each later event once. */
@NullMarked
package io.nova.sql.source.follow;

import org.jspecify.annotations.NullMarked;
