/**
 * Alarms of many series that belong together: which moved with which, who moved first, and where to
 * look for the cause.
 */
@NullMarked
package org.chengmai.models.incidents;

import org.jspecify.annotations.NullMarked;
