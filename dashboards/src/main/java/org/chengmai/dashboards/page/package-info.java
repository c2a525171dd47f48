/** The web page: static files and the security headers that they are served with. */
@NullMarked
package org.chengmai.dashboards.page;

import org.jspecify.annotations.NullMarked;
