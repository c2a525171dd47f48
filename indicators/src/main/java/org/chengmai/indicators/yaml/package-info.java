/**
 * YAML documents as records: unknown keys are errors and all problems are reported together, with
 * path and line.
 */
@NullMarked
package org.chengmai.indicators.yaml;

import org.jspecify.annotations.NullMarked;
