package org.chengmai.connectors.feed;

import org.chengmai.indicators.Principal;
import org.jspecify.annotations.Nullable;

/** Tells whose a name and token are; null when they are nobody's. Must not block. */
public interface SignIn {
  @Nullable Principal principal(String name, String token);
}
