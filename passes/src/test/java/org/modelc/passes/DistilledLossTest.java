package org.modelc.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphBuilder;
import org.modelc.ir.graph.Value;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.ops.Multiply;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.DistilledLoss.Settings;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

class DistilledLossTest {
  private static final List<Dim> ROWS = List.of(Dim.constant(1));
  private static final List<Dim> CLASSES = List.of(Dim.constant(1), Dim.constant(2));

  /** x times a parameter, as a result of the given name. */
  private static Graph product(String name, String result, List<Dim> shape) {
    GraphBuilder builder = new GraphBuilder(name);
    TensorType type = TensorType.of(DType.F32, shape);
    Value x = builder.input("x" + shape.size(), Role.INPUT, type);
    Value p = builder.input("p" + shape.size(), Role.PARAMETER, type);
    builder.output(result, Multiply.of(builder, x, p));
    return builder.build();
  }

  private static double loss(double temperature, double weight) {
    Graph loss =
        DistilledLoss.of(
            product("loss", "loss", ROWS),
            product("predict", "classes", CLASSES),
            product("predict", "classes", CLASSES),
            new Settings("classes", temperature, weight));
    Map<String, Array> inputs =
        Map.of(
            "x1", Array.f32(new int[] {1}, 2),
            "p1", Array.f32(new int[] {1}, 1),
            "x2", Array.f32(new int[] {1, 2}, 1, 1),
            "p2", Array.f32(new int[] {1, 2}, 0.5, 0.5),
            "teacher.p2", Array.f32(new int[] {1, 2}, 0.8, 0.2));
    return GraphInterpreter.run(loss, inputs, GraphInterpreter.Precision.EXACT)
        .get("loss")
        .data()[0];
  }

  @Test
  void theDivergenceFromTheTeacher() {
    // 0.8·ln 1.6 + 0.2·ln 0.4 = 0.192745; a half of it and of the loss, which is 2.
    assertThat(loss(1, 0.5)).isCloseTo(1.0963725, within(1e-6));
    // Of temperature 2 the teacher says √0.8 : √0.2 = 2 : 1, and 4·(⅔·ln 4/3 + ⅓·ln ⅔) = 0.226532.
    assertThat(loss(2, 1)).isCloseTo(0.226532, within(1e-6));
  }

  @Test
  void resultsThatAreNoDistributions() {
    Graph own = product("predict", "y", ROWS);
    Graph loss =
        DistilledLoss.of(product("loss", "loss", ROWS), own, own, new Settings("y", 3, 0.25));
    Map<String, Array> inputs =
        Map.of(
            "x1", Array.f32(new int[] {1}, 2),
            "p1", Array.f32(new int[] {1}, 1),
            "teacher.p1", Array.f32(new int[] {1}, 3));
    // The loss is 2, the results are 2 and 6: ¾·2 + ¼·16.
    assertThat(
            GraphInterpreter.run(loss, inputs, GraphInterpreter.Precision.EXACT)
                .get("loss")
                .data()[0])
        .isEqualTo(5.5);
  }
}
