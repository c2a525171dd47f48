/** What operators say of alerts, what is learnt from it, and what it says of the next ones. */
@NullMarked
package org.chengmai.engine.feedback;

import org.jspecify.annotations.NullMarked;
