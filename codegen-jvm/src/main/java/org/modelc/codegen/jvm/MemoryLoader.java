package org.modelc.codegen.jvm;

import java.util.Map;
import java.util.function.Supplier;
import org.modelc.runtime.CompiledProgram;

/** Defines classes from memory; the runtime's own come from the compiler's loader. */
public class MemoryLoader extends ClassLoader {
  private final Supplier<Map<String, byte[]>> classes;

  /**
   * @param classes class files by binary name, asked for where the first class is
   */
  public MemoryLoader(Supplier<Map<String, byte[]>> classes) {
    super(CompiledProgram.class.getClassLoader());
    this.classes = classes;
  }

  /** A program compiled and loaded. */
  public static CompiledProgram load(EmittedProgram emitted) {
    String name = emitted.abi().symbol();
    Map<String, byte[]> classes = JavaCompilation.compile(Map.of(name, emitted.source()));
    return new MemoryLoader(() -> classes).program(name);
  }

  /** A program by its class's binary name. */
  public final CompiledProgram program(String name) {
    try {
      return (CompiledProgram) loadClass(name).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("generated class " + name, broken);
    }
  }

  @Override
  protected final Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get().get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }
}
