/** The commit chain: the sequence of commits that alone changes the table. */
@NullMarked
package io.nova.iceberg.commit;

import org.jspecify.annotations.NullMarked;
