package org.chengmai.indicators;

/**
 * What a detector expected: the central value and the band that holds ordinary values, in the
 * indicator's unit.
 */
public record Band(double low, double expected, double high) {}
