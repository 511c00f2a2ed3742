package org.modelc.ir.interpreter;

import org.modelc.runtime.spec.DType;

/** Elements of one type: integers exact, floating numbers rounded to the type. */
final class KernelMemory {
  private final DType dtype;
  private final Object[] elements;

  KernelMemory(DType dtype, int size) {
    this.dtype = dtype;
    this.elements = new Object[size];
  }

  void fill(double[] values) {
    for (int i = 0; i < elements.length; i++) {
      double value = values[values.length == 1 ? 0 : i];
      set(i, dtype.isFloating() ? (Object) value : (Object) (long) value);
    }
  }

  /**
   * @throws InterpreterException if the element was never written
   */
  Object get(int index) {
    if (elements[index] == null) {
      throw new InterpreterException("element " + index + " is read before it is written");
    }
    return elements[index];
  }

  void set(int index, Object value) {
    elements[index] = ExprInterpreter.rounded(dtype, value);
  }

  double[] elements() {
    double[] values = new double[elements.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = ((Number) get(i)).doubleValue();
    }
    return values;
  }
}
