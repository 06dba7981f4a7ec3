/** Fingerprints of open and sealed blocks, and the search for copies. */
@NullMarked
package io.nova.shard.fingerprint;

import org.jspecify.annotations.NullMarked;
