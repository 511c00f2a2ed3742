package org.modelc.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.op.OpDef;
import org.modelc.ir.op.OpRegistry;
import org.modelc.ir.op.Sample;

/** Every op's samples against outputs from outside. */
class OpSamplesTest {
  @TestFactory
  List<DynamicTest> samples() {
    List<DynamicTest> tests = new ArrayList<>();
    OpRegistry.all().forEach(op -> add(op, tests));
    return tests;
  }

  private static <A extends Record> void add(OpDef<A> op, List<DynamicTest> tests) {
    for (Sample<A> sample : op.samples()) {
      if (sample.results() != null) {
        tests.add(DynamicTest.dynamicTest(op + ": " + sample.name(), () -> check(op, sample)));
      }
    }
  }

  private static <A extends Record> void check(OpDef<A> op, Sample<A> sample) {
    List<Array> results =
        GraphInterpreter.apply(op, sample.attributes(), sample.operands(), Precision.EXACT);
    assertThat(results).hasSameSizeAs(sample.results());
    for (int i = 0; i < results.size(); i++) {
      assertThat(Closeness.F64.difference(sample.results().get(i), results.get(i))).isNull();
    }
    assertThat(sample.source()).isNotEmpty();
  }
}
