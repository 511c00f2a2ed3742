package org.modelc.testkit;

import java.util.Map;
import org.modelc.ir.op.OpDef;
import org.modelc.runtime.spec.DType;

/** How close ops must come to outside values and to each other: the only table of tolerances. */
public final class Tolerances {
  /** Against outputs that outside sources give with float64 digits. */
  private static final Closeness F64 = new Closeness(1e-12, 1e-14);

  /** Sources that print or compute in float32. */
  private static final Closeness F32 = new Closeness(2e-6, 2e-7);

  /** Central differences of fourth order in float64. */
  private static final Closeness GRADIENT = new Closeness(1e-7, 1e-8);

  private static final Map<String, Closeness> EVAL = Map.of();

  private Tolerances() {}

  /** For a sample's outputs, by the interpreter in float64. */
  public static Closeness eval(OpDef<?> op) {
    return EVAL.getOrDefault(op.name(), F64);
  }

  /** For the interpreter in float64 against outside values. */
  public static Closeness exact() {
    return F64;
  }

  /** For a backend's results against the interpreter's in the same type. */
  public static Closeness backend(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case F64 -> F64;
      case F16 -> new Closeness(2e-3, 1e-3);
      case BF16 -> new Closeness(1e-2, 1e-3);
      case I8, I32, I64, BOOL -> new Closeness(0, 0);
    };
  }

  /** For a gradient against finite differences. */
  public static Closeness gradient() {
    return GRADIENT;
  }
}
