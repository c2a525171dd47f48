/** Alerts as messages of the Common Alerting Protocol, CAP 1.2 (OASIS, July 2010). */
@NullMarked
package org.chengmai.engine.cap;

import org.jspecify.annotations.NullMarked;
