package org.modelc.compiler.compress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.interpreter.Array;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.kernels.HalfFloat;

/** Tensors as the interpreter has them, and back. */
public final class TensorArrays {
  private TensorArrays() {}

  /** Arrays of the same elements. */
  public static Map<String, Array> arrays(Map<String, Tensor> tensors) {
    Map<String, Array> arrays = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> arrays.put(name, array(tensor)));
    return arrays;
  }

  private static Array array(Tensor tensor) {
    double[] data = new double[tensor.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = tensor.at(i);
    }
    int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
    return new Array(tensor.dtype(), shape, data);
  }

  /** Tensors of the same elements. */
  public static Map<String, Tensor> tensors(Map<String, Array> arrays) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, tensor(array)));
    return tensors;
  }

  /** The tensor of an array whose elements its type can hold. */
  public static Tensor tensor(Array array) {
    List<Integer> shape = new ArrayList<>();
    for (int size : array.shape()) {
      shape.add(size);
    }
    Tensor tensor = Tensor.zeros(array.dtype(), shape);
    for (int i = 0; i < array.size(); i++) {
      double element = array.data()[i];
      switch (array.dtype()) {
        case F32 -> ((float[]) tensor.values())[i] = (float) element;
        case F64 -> ((double[]) tensor.values())[i] = element;
        case I32 -> ((int[]) tensor.values())[i] = (int) element;
        case I64 -> ((long[]) tensor.values())[i] = (long) element;
        case I8, BOOL -> ((byte[]) tensor.values())[i] = (byte) element;
        case F16, BF16 ->
            ((short[]) tensor.values())[i] = HalfFloat.bits(array.dtype(), (float) element);
      }
    }
    return tensor;
  }
}
