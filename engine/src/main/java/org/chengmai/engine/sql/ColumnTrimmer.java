package org.chengmai.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/**
 * Calcite's trimmer, which also leaves out below a join what only served a filter or a join further
 * below: each input of a join may be rows on their way from a source. Used for one query; public
 * like {@link BarrierTrimmer}.
 */
public final class ColumnTrimmer extends BarrierTrimmer {
  private final RelBuilder builder;

  ColumnTrimmer(RelBuilder builder) {
    super(builder);
    this.builder = builder;
  }

  @Override
  protected TrimResult trimChild(
      RelNode rel,
      RelNode input,
      int offset,
      int count,
      ImmutableBitSet used,
      Set<RelDataTypeField> extra) {
    TrimResult trimmed = super.trimChild(rel, input, offset, count, used, extra);
    return rel instanceof Join && extra.isEmpty() ? narrowed(trimmed, used) : trimmed;
  }

  private TrimResult narrowed(TrimResult trimmed, ImmutableBitSet used) {
    RelNode rel = trimmed.left;
    Mapping places = trimmed.right;
    List<RexNode> kept = new ArrayList<>();
    List<Integer> fields = new ArrayList<>();
    for (int field : used) {
      int place = places.getTargetOpt(field);
      if (place >= 0) {
        kept.add(RexInputRef.of(place, rel.getRowType()));
        fields.add(field);
      }
    }
    if (kept.isEmpty() || kept.size() == rel.getRowType().getFieldCount()) {
      return trimmed;
    }
    Mapping narrow =
        Mappings.create(MappingType.INVERSE_SURJECTION, places.getSourceCount(), kept.size());
    for (int i = 0; i < fields.size(); i++) {
      narrow.set(fields.get(i), i);
    }
    return result(builder.push(rel).project(kept).build(), narrow);
  }
}
