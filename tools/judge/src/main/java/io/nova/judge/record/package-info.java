/** The judge's own reading of a message: identity, mapping, content. */
@NullMarked
package io.nova.judge.record;

import org.jspecify.annotations.NullMarked;
