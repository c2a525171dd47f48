/**
 * Deep models of the city matrix on TensorFlow, by Oracle Tribuo's trainer. Nothing of either is
 * seen outside.
 */
@NullMarked
package org.chengmai.models.deep;

import org.jspecify.annotations.NullMarked;
