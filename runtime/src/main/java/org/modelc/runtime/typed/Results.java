package org.modelc.runtime.typed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.runtime.Tensor;

/** Takes single rows out of results. */
public final class Results {
  private Results() {}

  public static float floatAt(Tensor tensor, int row) {
    return ((float[]) tensor.values())[row];
  }

  public static double doubleAt(Tensor tensor, int row) {
    return ((double[]) tensor.values())[row];
  }

  public static int intAt(Tensor tensor, int row) {
    return ((int[]) tensor.values())[row];
  }

  public static long longAt(Tensor tensor, int row) {
    return ((long[]) tensor.values())[row];
  }

  public static byte byteAt(Tensor tensor, int row) {
    return ((byte[]) tensor.values())[row];
  }

  public static short shortAt(Tensor tensor, int row) {
    return ((short[]) tensor.values())[row];
  }

  public static boolean booleanAt(Tensor tensor, int row) {
    return ((byte[]) tensor.values())[row] != 0;
  }

  /** The elements of one row, as a primitive array of the tensor's type. */
  public static Object rowOf(Tensor tensor, int row) {
    int size = tensor.size() / tensor.shape().get(0);
    Object part = Tensor.newArray(tensor.dtype(), size);
    System.arraycopy(tensor.values(), row * size, part, 0, size);
    return part;
  }

  /** Values by class name, in the order of the classes. */
  public static Map<String, Float> byLabel(List<String> labels, float[] values) {
    Map<String, Float> named = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      named.put(labels.get(i), values[i]);
    }
    return named;
  }
}
