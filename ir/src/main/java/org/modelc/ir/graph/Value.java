package org.modelc.ir.graph;

import java.util.List;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.type.TensorType;
import org.modelc.ir.type.ValueType;

/** A value of a graph: a graph input or a node's result. Identity is the object's. */
public final class Value {
  private final ValueType type;
  private final String hint;
  private final List<SourceSpan> origin;

  Value(ValueType type, String hint, List<SourceSpan> origin) {
    this.type = type;
    this.hint = hint;
    this.origin = List.copyOf(origin);
  }

  public ValueType type() {
    return type;
  }

  /** The type of a tensor value. */
  public TensorType tensor() {
    return type.tensor();
  }

  /** A name for the reader (a binding or parameter path), or empty. It carries no meaning. */
  public String hint() {
    return hint;
  }

  /** The places in the source this value comes from, kept through passes. */
  public List<SourceSpan> origin() {
    return origin;
  }

  @Override
  public String toString() {
    return "%" + (hint.isEmpty() ? "?" : hint) + ": " + type;
  }
}
