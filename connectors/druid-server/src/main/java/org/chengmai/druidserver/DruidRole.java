package org.chengmai.druidserver;

import com.google.inject.Injector;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.druid.guice.StartupInjectorBuilder;

/** One role of Druid; returns when the role ends. The property {@code chengmai.role} names its command class. */
public final class DruidRole implements Consumer<Properties> {
  @Override
  public void accept(Properties properties) {
    Injector injector = new StartupInjectorBuilder().withProperties(properties).withExtensions().build();
    try {
      Runnable role =
          (Runnable) Class.forName(properties.getProperty("chengmai.role")).getDeclaredConstructor().newInstance();
      injector.injectMembers(role);
      role.run();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
