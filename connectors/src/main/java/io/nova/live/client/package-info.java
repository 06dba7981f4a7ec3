/** The client of live views, for queries. */
@NullMarked
package io.nova.live.client;

import org.jspecify.annotations.NullMarked;
