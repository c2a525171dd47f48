/**
 * What people look at: dashboards as values, from which Grafana's JSON and our own wall are made.
 */
@NullMarked
package org.chengmai.dashboards;

import org.jspecify.annotations.NullMarked;
