package org.chengmai.indicators;

/** Who asks: a mandatory argument of running SQL, acknowledging and subscribing. */
public record Principal(String name, Role role) {
  public Principal {
    if (name.isBlank()) {
      throw new ChengmaiException(ErrorCode.INVALID_INPUT, "a principal needs a name");
    }
  }

  /** Refuses with FORBIDDEN unless this principal's role includes {@code needed}. */
  public void require(Role needed, String action) {
    if (!role.includes(needed)) {
      throw new ChengmaiException(
          ErrorCode.FORBIDDEN,
          "%s needs the role %s; %s has %s".formatted(action, needed, name, role));
    }
  }
}
