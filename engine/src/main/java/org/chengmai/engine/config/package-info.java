/** The one configuration file as a tree of records; each names its defaults. */
@NullMarked
package org.chengmai.engine.config;

import org.jspecify.annotations.NullMarked;
