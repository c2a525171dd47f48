package org.chengmai.indicators.calendar;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.chengmai.indicators.ChengmaiException;
import org.chengmai.indicators.ErrorCode;

/**
 * The terms in which schools are open, as the education bureau announces them for each year. There
 * is no default, because holidays move with the Spring Festival.
 */
public record SchoolTerms(List<Term> terms) {
  /** A term from its first to its last day, both included. */
  public record Term(LocalDate first, LocalDate last) {
    public Term {
      if (last.isBefore(first)) {
        throw new ChengmaiException(
            ErrorCode.INVALID_DEFINITION,
            "school term %s to %s ends before it begins".formatted(first, last));
      }
    }
  }

  public SchoolTerms {
    terms = terms.stream().sorted(Comparator.comparing(Term::first)).toList();
  }

  /** No terms known. */
  public static SchoolTerms none() {
    return new SchoolTerms(List.of());
  }

  public boolean includes(LocalDate date) {
    return terms.stream()
        .anyMatch(term -> !date.isBefore(term.first()) && !date.isAfter(term.last()));
  }

  /** Whether the date lies between the first and the last day that the terms speak of. */
  public boolean covers(LocalDate date) {
    return !terms.isEmpty()
        && !date.isBefore(terms.get(0).first())
        && !date.isAfter(terms.get(terms.size() - 1).last());
  }
}
