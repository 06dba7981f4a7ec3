/** The commit chain: the linked sequence of commits, which alone changes the table. */
@NullMarked
package io.nova.iceberg.commit;

import org.jspecify.annotations.NullMarked;
