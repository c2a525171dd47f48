package org.chengmai.indicators;

import org.jspecify.annotations.Nullable;

/**
 * What earlier feedback says of an alert as it fires.
 *
 * @param probability that the alert is about something real, null while too little was learnt
 * @param demoted whether it is listed last and calls nobody; it is kept and told all the same
 * @param model that gave the probability, such as {@code feedback-combiner@3}; null without one
 * @param reasons in sentences that people read
 */
public record Assessment(
    @Nullable Double probability,
    boolean demoted,
    @Nullable String model,
    Anomaly.Reasons reasons) {}
