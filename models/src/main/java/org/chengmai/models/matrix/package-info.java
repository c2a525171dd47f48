/**
 * The city matrix: many series of one grain side by side, models that see all of them at once, and
 * trials that compare such models on time they have not seen. Knows no library of learning.
 */
@NullMarked
package org.chengmai.models.matrix;

import org.jspecify.annotations.NullMarked;
