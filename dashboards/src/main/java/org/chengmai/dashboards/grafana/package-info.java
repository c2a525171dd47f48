/**
 * Grafana: our boards as its dashboards, its HTTP API, and values and alerts pushed into Grafana
 * Live.
 */
@NullMarked
package org.chengmai.dashboards.grafana;

import org.jspecify.annotations.NullMarked;
