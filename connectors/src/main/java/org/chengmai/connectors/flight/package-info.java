/** Systems that speak Arrow Flight SQL. */
@NullMarked
package org.chengmai.connectors.flight;

import org.jspecify.annotations.NullMarked;
