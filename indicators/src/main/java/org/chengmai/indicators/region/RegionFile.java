package org.chengmai.indicators.region;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;
import org.chengmai.indicators.region.Region.Name;
import org.chengmai.indicators.region.Region.Successor;
import org.jspecify.annotations.Nullable;

/**
 * The compact text form of a whole tree of regions: a line {@code CODE FROM TO SUCCESSORS NAME} or
 * {@code … NAME / ENGLISH} each, the larger before the smaller; {@code -} stands for what is
 * absent, {@code #} begins a comment line. Level and parent follow from the code; absent days are
 * those of the parent. Successors are joined by commas, {@code 630106} or, with shares, {@code
 * 630106=0.6,630107=0.4}.
 */
public final class RegionFile {
  private static final String ABSENT = "-";

  private RegionFile() {}

  /** Reads the form; INVALID_DEFINITION with file and line. */
  public static Regions read(String file, String text) {
    Outline outline = new Outline();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        try {
          Region region = region(line);
          if (region.parent() != null && !outline.contains(region.parent())) {
            throw new IllegalArgumentException("no line above is its parent " + region.parent());
          }
          outline.add(region);
        } catch (IllegalArgumentException | DateTimeException | ChengmaiException e) {
          throw new ChengmaiException(
              ErrorCode.INVALID_DEFINITION, "%s:%d: %s".formatted(file, number, e.getMessage()), e);
        }
      }
    }
    return outline.regions();
  }

  private static Region region(String line) {
    String[] part = line.strip().split(" +", 5);
    if (part.length < 5) {
      throw new IllegalArgumentException("expected CODE FROM TO SUCCESSORS NAME");
    }
    DivisionCode.check(part[0]);
    String[] name = part[4].split(" / ", 2);
    return new Region(
        part[0],
        new Name(name[0], name.length > 1 ? name[1] : null),
        DivisionCode.level(part[0]),
        DivisionCode.parent(part[0]),
        day(part[1]),
        day(part[2]),
        successors(part[3]),
        null);
  }

  private static @Nullable LocalDate day(String text) {
    return text.equals(ABSENT) ? null : LocalDate.parse(text);
  }

  private static List<Successor> successors(String text) {
    List<Successor> successors = new ArrayList<>();
    if (!text.equals(ABSENT)) {
      for (String one : text.split(",")) {
        String[] part = one.split("=", 2);
        successors.add(new Successor(part[0], part.length > 1 ? Double.valueOf(part[1]) : null));
      }
    }
    return successors;
  }

  /** Writes the form, in the order of the codes. */
  public static String write(Regions regions) {
    return regions.all().stream()
        .sorted(Comparator.comparing(Region::code))
        .map(RegionFile::line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(Region region) {
    String successors =
        region.successors().stream()
            .map(s -> s.share() == null ? s.code() : s.code() + "=" + s.share())
            .collect(Collectors.joining(","));
    String name = region.name().zh();
    if (!region.name().en().equals(name)) {
      name += " / " + region.name().en();
    }
    return "%s %s %s %s %s"
        .formatted(
            region.code(),
            region.from() == null ? ABSENT : region.from(),
            region.to() == null ? ABSENT : region.to(),
            successors.isEmpty() ? ABSENT : successors,
            name);
  }
}
