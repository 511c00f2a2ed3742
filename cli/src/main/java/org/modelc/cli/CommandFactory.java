package org.modelc.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Makes commands, handing the terminal to those whose constructor takes one. */
final class CommandFactory implements CommandLine.IFactory {
  private final Terminal terminal;

  CommandFactory(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public <K> K create(Class<K> kind) throws Exception {
    for (Constructor<?> constructor : kind.getDeclaredConstructors()) {
      Class<?>[] wanted = constructor.getParameterTypes();
      if (wanted.length == 1 && wanted[0] == Terminal.class) {
        return kind.cast(constructor.newInstance(terminal));
      }
    }
    return CommandLine.defaultFactory().create(kind);
  }
}
