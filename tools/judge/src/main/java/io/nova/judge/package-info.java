/** The independent judge: it compares the sent messages with the table and the rejected topic. */
@NullMarked
package io.nova.judge;

import org.jspecify.annotations.NullMarked;
