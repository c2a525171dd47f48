/** The certificate by which the endpoints for SQL speak TLS. */
@NullMarked
package org.chengmai.engine.tls;

import org.jspecify.annotations.NullMarked;
