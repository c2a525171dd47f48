/**
 * What definitions decide about the alerts of their indicators, and the book of times in which they
 * call nobody.
 */
@NullMarked
package org.chengmai.engine.duty;

import org.jspecify.annotations.NullMarked;
