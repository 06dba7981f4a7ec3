/** The end of snapshots and files: which ones nothing needs any more, and their removal. */
@NullMarked
package io.nova.iceberg.lifecycle;

import org.jspecify.annotations.NullMarked;
