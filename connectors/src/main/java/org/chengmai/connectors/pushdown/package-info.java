/** What sources share: one SQL per source, cancellation, times that no zone shifts. */
@NullMarked
package org.chengmai.connectors.pushdown;

import org.jspecify.annotations.NullMarked;
