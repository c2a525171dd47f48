package org.chengmai.indicators.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The form of a text component; {@link RecordReader} refuses others, {@link JsonSchema} says it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Matches {
  /** A regular expression for the whole text. */
  String value();

  /** What is wanted, in words that follow "is not". */
  String says();
}
