/** The protocol of live views: announcements, views, requests, errors and TLS. */
@NullMarked
package io.nova.live.protocol;

import org.jspecify.annotations.NullMarked;
