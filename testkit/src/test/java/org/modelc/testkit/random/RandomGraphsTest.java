package org.modelc.testkit.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.modelc.ir.graph.GraphVerifier;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.OpRegistry;
import org.modelc.runtime.spec.DType;

class RandomGraphsTest {
  @Test
  void aSeedMakesTheSameGraphAgain() {
    for (long seed = 0; seed < 20; seed++) {
      String once = RandomGraphs.make(seed, DType.F32).toString();
      assertThat(RandomGraphs.make(seed, DType.F32).toString()).isEqualTo(once);
    }
  }

  @Test
  void graphsAreValidAndUseMostOps() {
    Set<String> used = new HashSet<>();
    for (long seed = 0; seed < 400; seed++) {
      var graph = GraphVerifier.verify(RandomGraphs.make(seed, DType.F64).graph());
      graph.nodes().forEach(node -> used.add(node.op().name()));
    }
    assertThat(used).hasSizeGreaterThan(OpRegistry.all().size() / 2);
  }

  @Test
  void resultsAreJudgedAndDifferencesFound() {
    int judged = 0;
    int found = 0;
    for (long seed = 0; seed < 200; seed++) {
      RandomCase random = RandomGraphs.make(seed, DType.F32);
      List<Array> exact = GraphInterpreter.run(random.graph(), random.inputs(), Precision.EXACT);
      List<Array> typed = GraphInterpreter.run(random.graph(), random.inputs(), Precision.TYPED);
      assertThat(Agreement.difference(exact, typed, typed)).isNull();
      for (int i = 0; i < exact.size(); i++) {
        if (exact.get(i).size() > 0) {
          judged++;
          List<Array> wrong = new java.util.ArrayList<>(typed);
          wrong.set(i, damaged(typed.get(i)));
          found += Agreement.difference(exact, typed, wrong) == null ? 0 : 1;
        }
      }
    }
    assertThat(found).isGreaterThan(judged * 95 / 100);
  }

  /** One element changed by a little, or to another number where it was none. */
  private static Array damaged(Array array) {
    double[] data = array.data().clone();
    double largest = 1;
    for (double value : data) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    data[0] = Double.isFinite(data[0]) ? data[0] + Math.ceil(largest / 100) : 0;
    return new Array(array.dtype(), array.shape(), data);
  }

  @Test
  void reducesToTheNodeThatFails() {
    int reduced = 0;
    for (long seed = 0; seed < 500; seed++) {
      RandomCase random = RandomGraphs.make(seed, DType.F64);
      if (has(random, "exp") && random.graph().nodes().size() > 4) {
        RandomCase small = GraphReducer.reduce(random, each -> has(each, "exp"));
        if (small.graph().outputs().size() == 1) {
          assertThat(has(small, "exp")).isTrue();
          assertThat(small.graph().nodes().size()).isLessThan(random.graph().nodes().size());
          GraphInterpreter.run(
              GraphVerifier.verify(small.graph()), small.inputs(), Precision.EXACT);
          reduced++;
        }
      }
    }
    assertThat(reduced).isPositive();
  }

  private static boolean has(RandomCase random, String op) {
    return random.graph().nodes().stream().anyMatch(node -> node.op().name().equals(op));
  }
}
