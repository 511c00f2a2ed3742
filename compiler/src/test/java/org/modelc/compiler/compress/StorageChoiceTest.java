package org.modelc.compiler.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.dsl.recipe.CompressSpec.CalibrationSpec;
import org.modelc.dsl.recipe.CompressSpec.Kind;
import org.modelc.dsl.recipe.CompressSpec.Method;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Type;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.compress.Storage;
import org.modelc.passes.compress.Storage.Inputs;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** What becomes of weights whose sums, values or kernels do not allow what a sentence wants. */
class StorageChoiceTest {
  private static StorageChoice choice(QuantizeSpec sentence, int axis, int... shape) {
    List<Dim> dims = java.util.Arrays.stream(shape).mapToObj(Dim::constant).toList();
    WeightSite site = new WeightSite("w", TensorType.of(DType.F32, dims), axis);
    return new StorageChoice(List.of(sentence), Map.of("w", site), Map.of(), Map.of());
  }

  private static QuantizeSpec sentence(Type type, Kind kind, CalibrationSpec calibration) {
    return new QuantizeSpec(type, kind, 0, 0, List.of(), calibration, 0, SourceSpan.NONE);
  }

  @Test
  void sumsThatNoPartFitsStayFloats() {
    // 255 · 128 · 65,793 = 2,147,483,520 is below 2^31 = 2,147,483,648; another term is not.
    QuantizeSpec dynamic = sentence(Type.INT8, Kind.DYNAMIC, null);
    StorageChoice matrix = choice(dynamic, 1, 65_794, 1);
    assertThat(matrix.storages(Map.of()).get("w"))
        .isEqualTo(new Storage.Integers(8, 1, 0, new Inputs.Dynamic(8)));
    assertThat(matrix.warnings()).isEmpty();
    // A matrix is cut along its rows, a kernel along its channels: of one, 257 · 257 are too many.
    StorageChoice window = choice(dynamic, 0, 2, 1, 257, 257);
    assertThat(window.storages(Map.of()).get("w"))
        .isEqualTo(new Storage.Integers(8, 0, 0, new Inputs.Floats()));
    assertThat(window.warnings()).singleElement().asString().contains("66049", "32 bits");
  }

  @Test
  void weightsAloneAreStoredWithoutAWord() {
    StorageChoice four = choice(sentence(Type.INT4, Kind.WEIGHTS, null), 0, 8, 3, 3, 3);
    assertThat(four.storages(Map.of())).containsKey("w");
    assertThat(four.warnings()).isEmpty();
  }

  @Test
  void windowsHaveNoInputsOfSixteenBits() {
    QuantizeSpec words = sentence(Type.INT4, Kind.DYNAMIC_16, null);
    StorageChoice matrix = choice(words, 1, 6, 5);
    assertThat(matrix.storages(Map.of()).get("w"))
        .isEqualTo(new Storage.Integers(4, 1, 0, new Inputs.Dynamic(16)));
    assertThat(matrix.warnings()).isEmpty();
    StorageChoice window = choice(words, 0, 8, 3, 3, 3);
    assertThat(window.storages(Map.of()).get("w"))
        .isEqualTo(new Storage.Integers(4, 0, 0, new Inputs.Floats()));
    assertThat(window.warnings()).singleElement().asString().contains("`w` is no matrix");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1e-45, too near",
    "-1e-36, 1e-36, too near",
    "3, 3, all values are 3.0",
    "0, NaN, not finite",
    "-Infinity, 1, not finite"
  })
  void rangesOfNoScale(float least, float greatest, String words) {
    for (Method method : Method.values()) {
      ActivationValues seen = new ActivationValues();
      seen.widen(new float[] {least, greatest}, 2);
      seen.count(new float[] {least, greatest}, 2);
      CalibrationSpec calibration = new CalibrationSpec(2, method, 99);
      StorageChoice choice = choice(sentence(Type.INT8, Kind.FIXED, calibration), 1, 2, 2);
      assertThatThrownBy(() -> choice.storages(Map.of("w", seen)))
          .isInstanceOf(DiagnosticException.class)
          .hasMessageContaining(words)
          .hasMessageContaining("`w` has no range");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1e-30", "-3e38, 3e38", "-1e-30, 1e-30"})
  void rangesThatAreVeryNarrowOrWideHaveAScale(float least, float greatest) {
    for (Method method : Method.values()) {
      ActivationValues seen = new ActivationValues();
      seen.widen(new float[] {least, greatest, 0}, 3);
      seen.count(new float[] {least, greatest, 0}, 3);
      assertThat(seen.range(new CalibrationSpec(2, method, 99)).scale())
          .as(method.name())
          .isGreaterThan(0)
          .isFinite();
    }
  }

  @Test
  void noValueWasSeen() {
    QuantizeSpec fixed = sentence(Type.INT8, Kind.FIXED, new CalibrationSpec(2, Method.MSE, 100));
    assertThatThrownBy(() -> choice(fixed, 1, 2, 2).storages(Map.of("w", new ActivationValues())))
        .isInstanceOf(DiagnosticException.class)
        .hasMessageContaining("no value was seen");
  }
}
