@NullMarked
package org.chengmai.connectors.jdbc;

import org.jspecify.annotations.NullMarked;
