/** Observations coming in: parsers, and the feeds that listen for senders or read their topics. */
@NullMarked
package org.chengmai.connectors.feed;

import org.jspecify.annotations.NullMarked;
