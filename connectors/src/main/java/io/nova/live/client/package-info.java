/** The client of live servers, for queries. */
@NullMarked
package io.nova.live.client;

import org.jspecify.annotations.NullMarked;
