package org.modelc.codegen.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.runtime.spec.Dim;

/**
 * The names inside one kernel's method: arrays, dims, axes. What was asked for is declared in the
 * method's head.
 */
final class KernelScope {
  /** Parameters of a kernel's method, what templates call their own, and classes. */
  private static final String[] RESERVED = {
    "Double",
    "ErrorFunction",
    "Float",
    "Grid",
    "HalfFloat",
    "InnerRows",
    "Math",
    "MatrixRows",
    "StrictMath",
    "System",
    "java",
    "buffers",
    "dims",
    "scratch",
    "worker",
    "workers",
    "rowCount",
    "columnCount",
    "depth",
    "batches",
    "panels",
    "panelColumns",
    "tiles",
    "tileRows",
    "tasks",
    "work",
    "parts",
    "lastTask",
    "task",
    "firstRow",
    "endRow",
    "firstColumn",
    "endColumn",
    "width",
    "from",
    "to",
    "inner",
    "row",
    "point",
    "at",
    "offset",
    "lead",
    "matrix"
  };

  private final ProgramArrays arrays;
  private final List<String> dims;
  private final Identifiers identifiers = new Identifiers().reserve(RESERVED);
  private final Map<String, String> arrayDeclarations = new LinkedHashMap<>();
  private final Map<String, String> dimDeclarations = new TreeMap<>();
  private final Map<String, String> localArrays = new LinkedHashMap<>();
  private final Map<String, Dim> extents = new TreeMap<>();

  KernelScope(ProgramArrays arrays, List<String> dims) {
    this.arrays = arrays;
    this.dims = dims;
  }

  /** The Java name of a buffer's array. */
  String array(Buffer buffer) {
    String local = localArrays.get(buffer.name());
    if (local != null) {
      return local;
    }
    String name = identifiers.of("buffer", buffer.name());
    arrayDeclarations.computeIfAbsent(name, key -> declaration(buffer, key));
    return name;
  }

  private String declaration(Buffer buffer, String name) {
    String type = JavaTypes.element(buffer.dtype()) + "[]";
    int index = arrays.numberOf(buffer);
    return "final " + type + " " + name + " = (" + type + ") buffers[" + index + "];";
  }

  /** Declares an array that lies in the worker's scratch. */
  String localArray(Buffer buffer, int scratchIndex) {
    String name = identifiers.of("buffer", buffer.name());
    String type = JavaTypes.element(buffer.dtype()) + "[]";
    localArrays.put(buffer.name(), name);
    arrayDeclarations.put(
        name, "final " + type + " " + name + " = (" + type + ") scratch[" + scratchIndex + "];");
    return name;
  }

  /** Declares scratch of any type under a fresh name. */
  String scratch(String name, String type, int scratchIndex) {
    String fresh = identifiers.fresh(name);
    arrayDeclarations.put(
        fresh, "final " + type + " " + fresh + " = (" + type + ") scratch[" + scratchIndex + "];");
    return fresh;
  }

  Double scalar(Buffer buffer) {
    return localArrays.containsKey(buffer.name()) ? null : arrays.scalar(buffer);
  }

  /** Tells that a variable runs from 0 to below an extent. */
  void extent(String variable, Dim extent) {
    extents.put(variable, extent);
  }

  /** Whether a load's index lies in its buffer at every point, whatever conditions hold. */
  boolean isInside(Expr.Load load) {
    for (int i = 0; i < load.index().size(); i++) {
      Expr index = load.index().get(i);
      Dim size = load.buffer().shape().get(i);
      boolean inside = false;
      if (index instanceof Expr.Var variable && extents.containsKey(variable.name())) {
        Dim extent = extents.get(variable.name());
        boolean fixed = extent.isStatic() && size.isStatic();
        inside = extent.equals(size) || (fixed && extent.value() <= size.value());
      } else if (index instanceof Expr.IntConst constant) {
        inside = constant.value() >= 0 && size.isStatic() && constant.value() < size.value();
      }
      if (!inside) {
        return false;
      }
    }
    return true;
  }

  /** Whether two buffers lie in one array. */
  boolean sameArray(Buffer left, Buffer right) {
    boolean local = localArrays.containsKey(left.name()) || localArrays.containsKey(right.name());
    return local ? left.name().equals(right.name()) : arrays.placeOf(left) == arrays.placeOf(right);
  }

  /** The Java name of an axis or let-bound variable. */
  String variable(String name) {
    return identifiers.of("variable", name);
  }

  String fresh(String name) {
    return identifiers.fresh(name);
  }

  /** What the method's head declares. */
  List<String> declarations() {
    List<String> lines = new ArrayList<>(dimDeclarations.values());
    lines.addAll(arrayDeclarations.values());
    return lines;
  }

  /** A dim as an int expression, in parentheses where needed. */
  String dim(Dim dim) {
    return DimText.print(dim, this::symbol, "");
  }

  /** A dim as a long expression. */
  String longDim(Dim dim) {
    return DimText.print(dim, this::symbol, "L");
  }

  private String symbol(String symbol) {
    String name = identifiers.of("dim", symbol);
    int index = dims.indexOf(symbol);
    if (index < 0) {
      throw new IllegalStateException("dim " + symbol + " is not bound by the program " + dims);
    }
    dimDeclarations.put(name, "final int " + name + " = dims[" + index + "];");
    return name;
  }

  /** The flat index as offset + Σ coefficient × variable, or null if an index is not affine. */
  static AffineIndex flat(Buffer buffer, List<Expr> index) {
    return AffineIndex.flat(buffer, index);
  }

  /** An affine index as Java. */
  String print(AffineIndex index) {
    List<String> terms = new ArrayList<>();
    new TreeMap<>(index.coefficients())
        .forEach((axis, coefficient) -> terms.add(term(variable(axis), coefficient)));
    if (!index.offset().is(0) || terms.isEmpty()) {
      terms.add(dim(index.offset()));
    }
    return String.join(" + ", terms);
  }

  private String term(String variable, Dim coefficient) {
    return coefficient.is(1) ? variable : variable + " * " + dim(coefficient);
  }
}
