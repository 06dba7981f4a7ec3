/** Five-minute blocks of admitted events, their log, and the fingerprints that tell a duplicate. */
@NullMarked
package io.nova.block;

import org.jspecify.annotations.NullMarked;
