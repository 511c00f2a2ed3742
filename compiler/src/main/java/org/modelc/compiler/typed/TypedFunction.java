package org.modelc.compiler.typed;

import com.palantir.javapoet.ClassName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.FittedTransform;
import org.modelc.runtime.spec.FunctionSpec;
import org.modelc.runtime.spec.TensorSpec;

/**
 * An exported function with its Java names.
 *
 * @param spec the function
 * @param java the method's name
 * @param result the result record's class
 * @param inputs its inputs; empty unless it works row by row
 * @param outputs Java names by result
 * @param labels class names by result
 */
record TypedFunction(
    FunctionSpec spec,
    String java,
    ClassName result,
    List<FunctionInput> inputs,
    Map<String, String> outputs,
    Map<String, List<String>> labels) {

  static TypedFunction of(
      FunctionSpec spec,
      ClassName owner,
      Map<String, FittedTransform> fitted,
      Map<String, List<String>> labels) {
    List<FunctionInput> inputs = new ArrayList<>();
    JavaNames names = new JavaNames();
    if (isRowwise(spec)) {
      for (TensorSpec input : spec.inputs()) {
        String java = names.variable(input.name());
        FittedTransform transform = fitted.get(input.name());
        inputs.add(
            transform == null
                ? FunctionInput.direct(input, java)
                : FunctionInput.fitted(input, java, transform));
      }
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    JavaNames results = new JavaNames();
    spec.outputs().forEach(output -> outputs.put(output.name(), results.variable(output.name())));
    String java = new JavaNames(TypedClass.OWN_METHODS).variable(spec.name());
    ClassName result = owner.nestedClass(JavaNames.type(spec.name()) + "Result");
    return new TypedFunction(spec, java, result, inputs, outputs, labels);
  }

  /** Whether inputs and outputs begin with one dynamic dim and are static besides. */
  private static boolean isRowwise(FunctionSpec spec) {
    List<TensorSpec> tensors = new ArrayList<>(spec.inputs());
    tensors.addAll(spec.outputs());
    Dim rows =
        spec.inputs().isEmpty() || spec.inputs().get(0).shape().isEmpty()
            ? Dim.ONE
            : spec.inputs().get(0).shape().get(0);
    boolean symbol = rows.symbols().size() == 1 && rows.equals(Dim.symbol(rows.toString()));
    return symbol && tensors.stream().allMatch(tensor -> startsWith(tensor, rows));
  }

  private static boolean startsWith(TensorSpec tensor, Dim rows) {
    List<Dim> shape = tensor.shape();
    return !shape.isEmpty()
        && shape.get(0).equals(rows)
        && shape.subList(1, shape.size()).stream().allMatch(Dim::isStatic);
  }

  boolean isRowwise() {
    return !inputs.isEmpty();
  }

  /** The constant that holds a result's class names. */
  String labelsConstant(String output) {
    return outputs.get(output).replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT)
        + "_LABELS";
  }

  /** The elements of one row of a result: empty shape for a scalar. */
  static List<Integer> rowShape(TensorSpec output) {
    List<Integer> shape = new ArrayList<>();
    for (Dim dim : output.shape().subList(1, output.shape().size())) {
      shape.add(dim.intValue());
    }
    return shape;
  }
}
