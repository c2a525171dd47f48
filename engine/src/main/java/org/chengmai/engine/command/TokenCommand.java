package org.chengmai.engine.command;

import java.util.Locale;
import org.chengmai.engine.server.Users;
import org.chengmai.indicators.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a token for a user and the line for the configuration that knows only its hash. */
@Command(name = "token", description = "Make a token for a user.", mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "NAME", description = "The user's name.")
  private String name = "";

  @Option(
      names = "--role",
      defaultValue = "VIEWER",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Role role = Role.VIEWER;

  @Override
  public void run() {
    String token = Users.newToken();
    System.out.println("token for " + name + " (shown once): " + token);
    System.out.println("line for users: in the configuration:");
    System.out.println(
        "  - {name: %s, token_hash: \"%s\", role: %s}"
            .formatted(name, Users.hash(token), role.name().toLowerCase(Locale.ROOT)));
  }
}
