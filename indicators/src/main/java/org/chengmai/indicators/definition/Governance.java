package org.chengmai.indicators.definition;

import org.jspecify.annotations.Nullable;

/**
 * Whose data they are: shown with the indicator.
 *
 * @param ownerDept the department, by name or by its code
 * @param label the class and level of GB/T 43697, such as {@code 一般-2}
 * @param share {@code unconditional}, {@code conditional} or {@code none}
 * @param open {@code yes}, {@code no} or {@code conditional}
 * @param kMin the least number of people behind a value that is shown
 * @param authority {@code primary} or {@code secondary}
 */
public record Governance(
    @Nullable String ownerDept,
    @Nullable String steward,
    @Nullable String label,
    @Nullable String share,
    @Nullable String open,
    @Nullable Integer kMin,
    @Nullable String authority) {}
