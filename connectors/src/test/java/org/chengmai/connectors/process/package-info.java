@NullMarked
package org.chengmai.connectors.process;

import org.jspecify.annotations.NullMarked;
