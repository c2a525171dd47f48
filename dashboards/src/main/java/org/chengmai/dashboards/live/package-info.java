/**
 * The live hub: alerts that are never lost and newest values, over websocket and server-sent
 * events.
 */
@NullMarked
package org.chengmai.dashboards.live;

import org.jspecify.annotations.NullMarked;
