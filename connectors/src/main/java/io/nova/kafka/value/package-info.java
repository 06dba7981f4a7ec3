/** Values in other formats than JSON, and the schema registry that knows their schemas. */
@NullMarked
package io.nova.kafka.value;

import org.jspecify.annotations.NullMarked;
