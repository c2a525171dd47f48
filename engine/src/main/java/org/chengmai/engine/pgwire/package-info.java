/** PostgreSQL's wire protocol, version 3: what psql, pgjdbc and most tools for analysts speak. */
@NullMarked
package org.chengmai.engine.pgwire;

import org.jspecify.annotations.NullMarked;
