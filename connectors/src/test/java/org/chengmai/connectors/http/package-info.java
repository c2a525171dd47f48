@NullMarked
package org.chengmai.connectors.http;

import org.jspecify.annotations.NullMarked;
