package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.ir.graph.GraphPrinter;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.type.ValueType;

/** What is checked of every op from its samples, with no further code. */
public final class OpChecks {
  private static final double STEP = 1e-4;

  private OpChecks() {}

  /** The interpreter gives what the outside source gives, in the inferred shapes. */
  public static void evalAgreesWithSource(OpCase<?> opCase) {
    List<Array> expected = opCase.sample().results();
    List<Array> results =
        GraphInterpreter.run(opCase.forward(), opCase.sample().operands(), Precision.EXACT);
    if (expected == null) {
      return;
    }
    assertThat(opCase.sample().source()).as("source of " + opCase).isNotBlank();
    assertThat(results).hasSameSizeAs(expected);
    Closeness closeness = Tolerances.eval(opCase.op());
    for (int i = 0; i < results.size(); i++) {
      String difference = closeness.difference(expected.get(i), results.get(i));
      assertThat(difference).as("%s, result %d", opCase, i).isNull();
    }
  }

  /** The node prints, parses and prints alike, and is valid. */
  public static void textRoundTrips(OpCase<?> opCase) {
    Graph graph = GraphVerifier.verify(opCase.forward());
    String text = GraphPrinter.print(graph);
    Graph parsed = GraphVerifier.verify(GraphParser.parse(text));
    assertThat(GraphPrinter.print(parsed)).isEqualTo(text);
    assertThat(parsed.nodes().get(0).attributes()).isEqualTo(opCase.sample().attributes());
  }

  /** A composite expands to a valid graph with results of the types inferred. */
  public static <A extends Record> void expansionHasInferredTypes(OpCase<A> opCase) {
    if (opCase.op() instanceof CompositeOp<A> composite) {
      Graph body =
          GraphInterpreter.expansion(
              composite, opCase.sample().attributes(), opCase.sample().operands());
      GraphVerifier.verify(body);
      List<ValueType> types = body.outputs().stream().map(o -> o.value().type()).toList();
      List<ValueType> inferred =
          opCase.forward().outputs().stream().map(o -> o.value().type()).toList();
      assertThat(types).isEqualTo(inferred);
    }
  }

  /** The vjp agrees with central differences of fourth order, for a random cotangent. */
  public static void vjpAgreesWithDifferences(OpCase<?> opCase) {
    if (!opCase.op().isDifferentiable() || !opCase.sample().smooth()) {
      return;
    }
    Graph backward = GraphVerifier.verify(opCase.backward());
    Map<String, Array> inputs = inputs(opCase);
    Map<String, Array> cotangents = cotangents(opCase.forward());
    inputs.putAll(cotangents);
    Map<String, Array> gradients = GraphInterpreter.run(backward, inputs, Precision.EXACT);
    for (int i = 0; i < opCase.sample().operands().size(); i++) {
      Array operand = opCase.sample().operands().get(i);
      if (operand.dtype().isFloating()) {
        Array expected = differences(opCase, i, cotangents);
        Array zero = Array.zeros(operand.dtype(), operand.shape());
        Array actual = gradients.getOrDefault("gradient" + i, zero);
        String difference = Tolerances.gradient().difference(expected, actual);
        assertThat(difference).as("%s, gradient of operand %d", opCase, i).isNull();
      }
    }
  }

  private static Map<String, Array> inputs(OpCase<?> opCase) {
    Map<String, Array> inputs = new LinkedHashMap<>();
    for (int i = 0; i < opCase.sample().operands().size(); i++) {
      inputs.put("operand" + i, opCase.sample().operands().get(i));
    }
    return inputs;
  }

  private static Map<String, Array> cotangents(Graph forward) {
    Random random = new Random(1);
    Map<String, Array> cotangents = new LinkedHashMap<>();
    for (int i = 0; i < forward.outputs().size(); i++) {
      var type = forward.outputs().get(i).value().tensor();
      if (type.dtype().isFloating()) {
        Array cotangent = Array.zeros(type.dtype(), type.staticShape());
        java.util.Arrays.setAll(cotangent.data(), k -> random.nextDouble() + 0.5);
        cotangents.put("cotangent" + i, cotangent);
      }
    }
    return cotangents;
  }

  private static Array differences(OpCase<?> opCase, int operand, Map<String, Array> cotangents) {
    Array at = opCase.sample().operands().get(operand);
    Array slopes = Array.zeros(at.dtype(), at.shape());
    for (int k = 0; k < at.size(); k++) {
      double h = STEP * Math.max(1, Math.abs(at.data()[k]));
      double near =
          product(opCase, operand, k, h, cotangents) - product(opCase, operand, k, -h, cotangents);
      double far =
          product(opCase, operand, k, 2 * h, cotangents)
              - product(opCase, operand, k, -2 * h, cotangents);
      slopes.data()[k] = (8 * near - far) / (12 * h);
    }
    return slopes;
  }

  /** The results' inner product with the cotangents when one element is moved. */
  private static double product(
      OpCase<?> opCase, int operand, int element, double step, Map<String, Array> cotangents) {
    Map<String, Array> inputs = inputs(opCase);
    Array before = inputs.get("operand" + operand);
    double[] data = before.data().clone();
    data[element] += step;
    inputs.put("operand" + operand, new Array(before.dtype(), before.shape(), data));
    double sum = 0;
    Graph forward = opCase.forward();
    Map<String, Array> results = GraphInterpreter.run(forward, inputs, Precision.EXACT);
    for (int i = 0; i < results.size(); i++) {
      Array cotangent = cotangents.get("cotangent" + i);
      for (int k = 0; cotangent != null && k < cotangent.size(); k++) {
        sum += cotangent.data()[k] * results.get("result" + i).data()[k];
      }
    }
    return sum;
  }
}
