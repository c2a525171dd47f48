/** Ingestion: makes observations durable exactly once; dead letters, corrections, close markers. */
@NullMarked
package org.chengmai.engine.ingest;

import org.jspecify.annotations.NullMarked;
