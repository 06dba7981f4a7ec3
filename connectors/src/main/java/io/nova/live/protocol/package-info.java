/** What client and server of live views exchange: announcements, views, requests, errors, TLS. */
@NullMarked
package io.nova.live.protocol;

import org.jspecify.annotations.NullMarked;
