/** The enumerator: from a cut to splits. */
@NullMarked
package io.nova.sql.source.enumerator;

import org.jspecify.annotations.NullMarked;
