package org.modelc.ir.op;

import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** All ops on the class path, sorted by name. */
public final class OpRegistry {
  private static final Map<String, OpDef<?>> OPS = load();

  private OpRegistry() {}

  /** Every op, in the order of names. */
  public static Collection<OpDef<?>> all() {
    return OPS.values();
  }

  /** The op with this name, or null. */
  public static OpDef<?> find(String name) {
    return OPS.get(name);
  }

  @SuppressWarnings("rawtypes")
  private static Map<String, OpDef<?>> load() {
    Map<String, OpDef<?>> ops = new TreeMap<>();
    for (OpDef op : ServiceLoader.load(OpDef.class, OpDef.class.getClassLoader())) {
      OpDef<?> other = ops.put(op.name(), op);
      if (other != null) {
        throw new IllegalStateException("two ops are named " + op.name() + ": " + other.getClass());
      }
    }
    return java.util.Collections.unmodifiableMap(ops);
  }
}
