/** Values that are not JSON: their schemas, and their records written as JSON. */
@NullMarked
package io.nova.event.format;

import org.jspecify.annotations.NullMarked;
