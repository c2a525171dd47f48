/** HTTP: routes, log-in and how errors are answered. */
@NullMarked
package org.chengmai.engine.server;

import org.jspecify.annotations.NullMarked;
