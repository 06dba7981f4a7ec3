/** Tables about the store itself: where its events are, and how fresh they are. */
@NullMarked
package io.nova.sql.system;

import org.jspecify.annotations.NullMarked;
