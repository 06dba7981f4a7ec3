/**
 * The cut of a live query: which views, which block files and which snapshot together hold each
 * admitted event once. Knows nothing of splits and rows.
 */
@NullMarked
package io.nova.sql.live;

import org.jspecify.annotations.NullMarked;
