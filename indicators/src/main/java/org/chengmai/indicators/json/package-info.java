/** The JSON form of the vocabulary, the same on websockets, in HTTP answers and in PostgreSQL. */
@NullMarked
package org.chengmai.indicators.json;

import org.jspecify.annotations.NullMarked;
