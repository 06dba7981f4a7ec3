/** Sends refused messages through the same door again, and finds what was so sent. */
@NullMarked
package io.nova.replay;

import org.jspecify.annotations.NullMarked;
