/** The demo city: a seeded simulator of Xining and the run that checks the whole line. */
@NullMarked
package org.chengmai.engine.demo;

import org.jspecify.annotations.NullMarked;
