/** The judge's own reading of messages: identity, mapping and content. */
@NullMarked
package io.nova.judge.record;

import org.jspecify.annotations.NullMarked;
