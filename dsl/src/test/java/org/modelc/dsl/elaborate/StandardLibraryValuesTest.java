package org.modelc.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Json;

/**
 * The standard library against torch: {@code testkit/fixtures/standard_library.py} made the values.
 * What is run is the elaborated graph, in float64, so that only rounding may differ.
 */
class StandardLibraryValuesTest {
  private static final Path VALUES =
      Path.of("src", "test", "resources", "values", "standard_library.json");

  @TestFactory
  @SuppressWarnings("unchecked")
  List<DynamicTest> agreesWithTorch() throws IOException {
    Map<String, Object> file = Json.readObject(Files.readString(VALUES));
    List<DynamicTest> tests = new ArrayList<>();
    for (Object each : (List<Object>) file.get("cases")) {
      Map<String, Object> values = (Map<String, Object>) each;
      tests.add(DynamicTest.dynamicTest((String) values.get("name"), () -> check(values)));
    }
    assertThat(tests).hasSizeGreaterThan(20);
    return tests;
  }

  private static void check(Map<String, Object> values) {
    ElaboratedFunction function =
        Models.model((String) values.get("model")).function("f").orElseThrow();
    boolean training = (Boolean) values.get("training");
    Graph graph = training ? function.training() : function.inference();
    Map<String, Array> results =
        GraphInterpreter.run(graph, arrays(values.get("inputs")), GraphInterpreter.Precision.EXACT);
    Map<String, Array> expected = arrays(values.get("outputs"));
    assertThat(results.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<String, Array> entry : expected.entrySet()) {
      Array result = results.get(entry.getKey());
      assertThat(result.shape()).isEqualTo(entry.getValue().shape());
      assertThat(result.dtype()).isEqualTo(entry.getValue().dtype());
      assertThat(result.data()).containsExactly(entry.getValue().data(), Offset.offset(1e-9));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Array> arrays(Object values) {
    Map<String, Array> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : ((Map<String, Object>) values).entrySet()) {
      Map<String, Object> array = (Map<String, Object>) entry.getValue();
      DType dtype = DType.of((String) array.get("dtype"));
      int[] shape = numbers(array.get("shape")).mapToInt(Number::intValue).toArray();
      double[] data = numbers(array.get("data")).mapToDouble(Number::doubleValue).toArray();
      arrays.put(entry.getKey(), new Array(dtype, shape, data));
    }
    return arrays;
  }

  private static java.util.stream.Stream<Number> numbers(Object list) {
    return ((List<?>) list).stream().map(Number.class::cast);
  }
}
