@NullMarked
package org.chengmai.connectors.druid;

import org.jspecify.annotations.NullMarked;
