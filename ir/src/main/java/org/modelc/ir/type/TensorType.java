package org.modelc.ir.type;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/**
 * A dense tensor's type, written {@code f32[B, 10]}.
 *
 * @param dtype the storage type
 * @param shape the dims, outermost first; empty for a scalar
 * @param layout the order in memory
 * @param quantization how stored integers stand for reals; empty for plain numbers
 */
public record TensorType(
    DType dtype, List<Dim> shape, Layout layout, Optional<Quantization> quantization)
    implements ValueType {
  public TensorType {
    shape = List.copyOf(shape);
  }

  public static TensorType of(DType dtype, List<Dim> shape) {
    return new TensorType(dtype, shape, Layout.ROW_MAJOR, Optional.empty());
  }

  public static TensorType of(DType dtype, Dim... shape) {
    return of(dtype, Arrays.asList(shape));
  }

  /** A type with static dims. */
  public static TensorType of(DType dtype, int... shape) {
    return of(dtype, Arrays.stream(shape).mapToObj(Dim::constant).toList());
  }

  public static TensorType scalar(DType dtype) {
    return of(dtype, List.of());
  }

  public int rank() {
    return shape.size();
  }

  /** The dim of an axis; a negative axis counts from the end. */
  public Dim dim(int axis) {
    return shape.get(axis < 0 ? axis + shape.size() : axis);
  }

  /** The number of elements. */
  public Dim size() {
    return Dim.product(shape);
  }

  public TensorType withShape(List<Dim> newShape) {
    return of(dtype, newShape);
  }

  public TensorType withDtype(DType newDtype) {
    return of(newDtype, shape);
  }

  public boolean isStatic() {
    return shape.stream().allMatch(Dim::isStatic);
  }

  /** The shape as ints. Only for static types. */
  public int[] staticShape() {
    return shape.stream().mapToInt(Dim::intValue).toArray();
  }

  // Written out, as the generated methods would build themselves when a process first needs them.
  @Override
  public boolean equals(Object other) {
    return other instanceof TensorType type
        && dtype == type.dtype
        && shape.equals(type.shape)
        && (layout == type.layout || layout.equals(type.layout))
        && quantization.equals(type.quantization);
  }

  @Override
  public int hashCode() {
    return shape.hashCode() * 31 + dtype.hashCode();
  }

  @Override
  public String toString() {
    String dims = shape.stream().map(Dim::toString).collect(Collectors.joining(", "));
    String base = dtype.text() + "[" + dims + "]";
    String laid = layout.equals(Layout.ROW_MAJOR) ? base : base + layout;
    return quantization.map(q -> laid + "<" + q + ">").orElse(laid);
  }
}
