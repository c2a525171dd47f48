/** JSON over HTTP as tables. */
@NullMarked
package org.chengmai.connectors.http;

import org.jspecify.annotations.NullMarked;
