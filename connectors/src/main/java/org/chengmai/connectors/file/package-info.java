/** Files of departments: CSV in any declared charset, Parquet. */
@NullMarked
package org.chengmai.connectors.file;

import org.jspecify.annotations.NullMarked;
