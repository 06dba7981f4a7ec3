/**
 * The independent judge: compares what was sent with what the table and the rejected topic hold.
 */
@NullMarked
package io.nova.judge;

import org.jspecify.annotations.NullMarked;
