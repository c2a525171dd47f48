/** Random Cut Forest of Amazon, a rival that others know; only measurements use it. */
@NullMarked
package org.chengmai.models.rcf;

import org.jspecify.annotations.NullMarked;
