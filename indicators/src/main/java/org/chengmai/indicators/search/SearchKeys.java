package org.chengmai.indicators.search;

import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.Transliterator;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * By what names a thing is found: its texts without regard to case, width, punctuation, Traditional
 * or Simplified characters, and the pinyin of its Chinese, full or by initials. A character with
 * several readings has the most common one, whatever the word. Immutable.
 */
public final class SearchKeys {
  private static final Normalizer2 WIDTH_AND_CASE = Normalizer2.getNFKCCasefoldInstance();
  private static final Transliterator SIMPLIFIED =
      Transliterator.getInstance("Traditional-Simplified");
  private static final Transliterator PINYIN =
      Transliterator.getInstance("Han-Latin; NFD; [[:Mn:] - [\u0308]] Remove; NFC");
  private static final Pattern SPACES = Pattern.compile("[\\s\\u3000]+");
  private static final Pattern OTHER = Pattern.compile("[^\\p{L}\\p{N}]+");

  private final List<String> texts = new ArrayList<>();
  private final List<String> initials = new ArrayList<>();

  /** Pinyin from each syllable to the end of its text, so that no hit begins within a syllable. */
  private final List<String> spellings = new ArrayList<>();

  private SearchKeys() {}

  /** The keys of a thing that has these names. */
  public static SearchKeys of(List<String> names) {
    SearchKeys keys = new SearchKeys();
    names.forEach(keys::add);
    return keys;
  }

  private void add(String name) {
    String text = fold(name);
    texts.add(text);
    if (text.codePoints().noneMatch(Character::isIdeographic)) {
      return;
    }
    List<String> syllables =
        text.codePoints().mapToObj(Character::toString).map(SearchKeys::syllable).toList();
    StringBuilder first = new StringBuilder();
    syllables.forEach(syllable -> first.appendCodePoint(syllable.codePointAt(0)));
    initials.add(first.toString());
    for (int i = 0; i < syllables.size(); i++) {
      String rest = String.join("", syllables.subList(i, syllables.size()));
      // ü is typed as u or, where both exist, as v
      spellings.add(rest.replace('ü', 'u'));
      if (rest.indexOf('ü') >= 0) {
        spellings.add(rest.replace('ü', 'v'));
      }
    }
  }

  private static String syllable(String character) {
    if (character.equals("地")) {
      // the most common reading, de, is a particle that names do without
      return "di";
    }
    return Character.isIdeographic(character.codePointAt(0))
        ? PINYIN.transliterate(character).strip()
        : character;
  }

  private static String fold(String text) {
    return OTHER.matcher(SIMPLIFIED.transliterate(WIDTH_AND_CASE.normalize(text))).replaceAll("");
  }

  /** Whether every word of a query is in one of the names, their pinyin or their initials. */
  public boolean match(String query) {
    return SPACES.splitAsStream(query).map(SearchKeys::fold).allMatch(this::has);
  }

  private boolean has(String word) {
    return texts.stream().anyMatch(text -> text.contains(word))
        || initials.stream().anyMatch(text -> text.contains(word))
        || spellings.stream().anyMatch(text -> text.startsWith(word));
  }
}
