/** Druid's wire: SQL over HTTP, supervisors and tasks. */
@NullMarked
package org.chengmai.connectors.druid;

import org.jspecify.annotations.NullMarked;
