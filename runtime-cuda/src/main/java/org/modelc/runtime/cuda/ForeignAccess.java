package org.modelc.runtime.cuda;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Through {@code java.lang.foreign}, which Java has from 22 on: no library of ours is needed. All
 * of it goes by reflection, as sources are of Java 17.
 */
final class ForeignAccess implements DriverAccess {
  /** The first Java that has it for good. */
  static final int SINCE = 22;

  private static final int SLOTS = 11;
  private static final String PACKAGE = "java.lang.foreign.";

  /** Constant, so that the compiler sees through it; null where this Java lacks it. */
  private static final MethodHandle CALL = call();

  private final Class<?> segments;
  private final Class<?> lookups;
  private final Object forever;

  private ForeignAccess() throws ReflectiveOperationException {
    this.segments = type("MemorySegment");
    this.lookups = type("SymbolLookup");
    this.forever = type("Arena").getMethod("global").invoke(null);
  }

  /** The access by this Java; null if it is too old or does not allow it. */
  static ForeignAccess ofThisJava() {
    try {
      return CALL == null ? null : new ForeignAccess();
    } catch (ReflectiveOperationException lacking) {
      return null;
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(PACKAGE + name);
  }

  /** {@code (function, a, …, k) -> long}. */
  private static MethodHandle call() {
    if (Runtime.version().feature() < SINCE) {
      return null;
    }
    try {
      Class<?> layouts = type("MemoryLayout");
      Class<?> descriptors = type("FunctionDescriptor");
      Class<?> options = Class.forName(PACKAGE + "Linker$Option");
      Object number = type("ValueLayout").getField("JAVA_LONG").get(null);
      Object arguments = Array.newInstance(layouts, SLOTS);
      Arrays.fill((Object[]) arguments, number);
      Object descriptor =
          descriptors
              .getMethod("of", layouts, arguments.getClass())
              .invoke(null, number, arguments);
      Object none = Array.newInstance(options, 0);
      Method linked = type("Linker").getMethod("downcallHandle", descriptors, none.getClass());
      Object linker = type("Linker").getMethod("nativeLinker").invoke(null);
      MethodHandle call = (MethodHandle) linked.invoke(linker, descriptor, none);
      Class<?> segments = type("MemorySegment");
      MethodHandle segment =
          MethodHandles.publicLookup()
              .findStatic(segments, "ofAddress", MethodType.methodType(segments, long.class));
      return MethodHandles.filterArguments(call, 0, segment);
    } catch (ReflectiveOperationException lacking) {
      return null;
    }
  }

  @Override
  public String name() {
    return "foreign";
  }

  @Override
  public long[] functions(String library, String... names) {
    try {
      Method open = lookups.getMethod("libraryLookup", String.class, type("Arena"));
      Object found = open.invoke(null, library, forever);
      long[] functions = new long[names.length];
      for (int i = 0; i < functions.length; i++) {
        Optional<?> function =
            (Optional<?>) lookups.getMethod("find", String.class).invoke(found, names[i]);
        functions[i] = function.isPresent() ? address(function.get()) : 0;
      }
      return functions;
    } catch (java.lang.reflect.InvocationTargetException failed) {
      if (failed.getCause() instanceof IllegalArgumentException) {
        return null;
      }
      throw broken(failed.getCause());
    } catch (ReflectiveOperationException lacking) {
      throw broken(lacking);
    }
  }

  private long address(Object segment) throws ReflectiveOperationException {
    return (long) segments.getMethod("address").invoke(segment);
  }

  @Override
  public long address(Buffer buffer) {
    try {
      // A segment begins at the position, and ours is the begin of the memory.
      Object all = buffer.duplicate().clear();
      return address(segments.getMethod("ofBuffer", Buffer.class).invoke(null, all));
    } catch (ReflectiveOperationException lacking) {
      throw broken(lacking);
    }
  }

  @Override
  public ByteBuffer memory(long address, long bytes) {
    try {
      Object begin = segments.getMethod("ofAddress", long.class).invoke(null, address);
      Object all = segments.getMethod("reinterpret", long.class).invoke(begin, bytes);
      return (ByteBuffer) segments.getMethod("asByteBuffer").invoke(all);
    } catch (ReflectiveOperationException lacking) {
      throw broken(lacking);
    }
  }

  @Override
  public long call(
      long function,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f, g, h, i, j, k);
    } catch (Throwable thrown) {
      throw broken(thrown);
    }
  }

  private static IllegalStateException broken(Throwable cause) {
    return new IllegalStateException("java.lang.foreign does not do what it says", cause);
  }
}
