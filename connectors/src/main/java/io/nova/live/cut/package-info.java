/**
 * The cut of a live query: the views, block files and snapshot that together have each admitted
 * event once. Splits and rows are in other packages.
 */
@NullMarked
package io.nova.live.cut;

import org.jspecify.annotations.NullMarked;
