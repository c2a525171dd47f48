package org.chengmai.engine.pipeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trained model of one indicator.
 *
 * @param name of the kind of model, such as {@code tribuo-linear-sgd}
 * @param code of the indicator
 * @param version from 1 for each name and code
 * @param provenance JSON: how it was made and from what
 * @param activeFromOffset the first record of the topic of points that it judges, null while it
 *     waits
 */
public record StoredModel(
    String name,
    String code,
    int version,
    String provenance,
    byte[] bytes,
    Instant trainedAt,
    @Nullable Long activeFromOffset) {}
