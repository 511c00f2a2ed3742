package org.modelc.testkit;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpChecksTest {
  static List<OpCase<?>> cases() {
    return OpCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void evalAgreesWithSource(OpCase<?> opCase) {
    OpChecks.evalAgreesWithSource(opCase);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void textRoundTrips(OpCase<?> opCase) {
    OpChecks.textRoundTrips(opCase);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void expansionHasInferredTypes(OpCase<?> opCase) {
    OpChecks.expansionHasInferredTypes(opCase);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void vjpAgreesWithDifferences(OpCase<?> opCase) {
    OpChecks.vjpAgreesWithDifferences(opCase);
  }
}
