/** The identity of an event and its fingerprint. */
@NullMarked
package io.nova.event.identity;

import org.jspecify.annotations.NullMarked;
