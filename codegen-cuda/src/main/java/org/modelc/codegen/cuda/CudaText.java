package org.modelc.codegen.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text of CUDA C++ in parts, so that programs which are compiled together have the functions that
 * they share once.
 *
 * @param types what device functions are built on, by its number in the order of definition
 * @param functions device functions by name, in an order that defines before it uses
 * @param kernels the kernels
 */
public record CudaText(
    Map<Integer, String> types, Map<String, String> functions, List<String> kernels) {
  public CudaText {
    types = new TreeMap<>(types);
    functions = new LinkedHashMap<>(functions);
    kernels = List.copyOf(kernels);
  }

  /** One text of several, whose kernels have names of their own. */
  public static CudaText joined(List<CudaText> texts) {
    Map<Integer, String> types = new TreeMap<>();
    Map<String, String> functions = new LinkedHashMap<>();
    List<String> kernels = new ArrayList<>();
    for (CudaText text : texts) {
      types.putAll(text.types);
      text.functions.forEach((name, body) -> add(functions, name, body));
      kernels.addAll(text.kernels);
    }
    return new CudaText(types, functions, kernels);
  }

  private static void add(Map<String, String> functions, String name, String body) {
    String known = functions.putIfAbsent(name, body);
    if (known != null && !known.equals(body)) {
      throw new IllegalStateException("there are two texts of the device function " + name);
    }
  }

  /** The whole text, ready to be compiled: no header is included. */
  public String whole() {
    List<String> parts = new ArrayList<>(types.values());
    parts.addAll(functions.values());
    parts.addAll(kernels);
    return String.join("\n", parts);
  }
}
