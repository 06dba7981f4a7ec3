/** The independent judge: it compares the messages sent with the table and the rejected topic. */
@NullMarked
package io.nova.judge;

import org.jspecify.annotations.NullMarked;
