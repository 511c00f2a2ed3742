package org.modelc.dsl.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.dsl.recipe.CompressSpec.CalibrationSpec;
import org.modelc.dsl.recipe.CompressSpec.Kind;
import org.modelc.dsl.recipe.CompressSpec.Method;
import org.modelc.dsl.recipe.CompressSpec.QuantizeSpec;
import org.modelc.dsl.recipe.CompressSpec.Type;
import org.modelc.ir.diagnostic.Diagnostics;
import org.modelc.ir.diagnostic.SourceText;

class CompressElaborationTest {
  private static final String MODEL =
      """
      model M {
          fn risk_of(a: f32[B]) -> f32[B] = a
          export fn predict(a: f32[B]) -> (risk: f32[B]) = (risk: risk_of(a))
          fn loss(a: f32[B], y: bool[B]) -> f32[B] = binary_cross_entropy(risk_of(a), y)
      }
      data d { rows = csv("d.csv") y = (a > 1) split 70% / 15% / 15% }
      """;
  private static final String TRAIN =
      "train M on d { minimize loss with sgd(0.1) epochs 1 measure auc(predict.risk, y) }\n";

  private static FileSpecs specs(String text, Diagnostics diagnostics) {
    return RecipeElaboration.of(
        SourceParser.parse(new SourceText("a.model", text)).file(), diagnostics);
  }

  @Test
  void sentencesBecomeSpecs() {
    Diagnostics diagnostics = new Diagnostics();
    FileSpecs specs =
        specs(
            MODEL
                + TRAIN
                + """
                compress M {
                    quantize int8 over dense, "a.*" calibrated on 32 of d.train by percentile 99.5
                    quantize int8
                    quantize weights f16 over dense
                    quantize weights bf16 over "*.bias"
                    quantize weights mixed budget 20 % over dense calibrated on 9 of d.train
                    quantize weights int4 inputs int16 over dense during 2 epochs
                    quantize weights int4 inputs int8
                    factorize error 0.05 over dense during 2 epochs
                    prune magnitude 0.8 of each
                    prune magnitude 0.5 over dense
                    prune 2:4 during 1 epochs
                    prune movement 0.9 over dense during 4 epochs
                    prune structured 0.25 over conv, "a.*" during 3 epochs
                    require auc within 0.5 %, parameters <= 27 %, jar <= 20 KB
                }
                """,
            diagnostics);
    assertThat(diagnostics.sorted()).isEmpty();
    CompressSpec spec = specs.compressionOf("M").orElseThrow();
    assertThat(spec.quantize())
        .extracting(QuantizeSpec::type)
        .containsExactly(
            Type.INT8, Type.INT8, Type.F16, Type.BF16, Type.MIXED, Type.INT4, Type.INT4);
    assertThat(spec.quantize().get(4).budget()).isEqualTo(0.2);
    assertThat(spec.quantize())
        .extracting(QuantizeSpec::kind)
        .containsExactly(
            Kind.FIXED,
            Kind.DYNAMIC,
            Kind.WEIGHTS,
            Kind.WEIGHTS,
            Kind.WEIGHTS,
            Kind.DYNAMIC_16,
            Kind.DYNAMIC);
    assertThat(spec.quantize().get(0).over()).isEqualTo(List.of("dense", "a.*"));
    assertThat(spec.quantize().get(0).calibration())
        .isEqualTo(new CalibrationSpec(32, Method.PERCENTILE, 99.5));
    assertThat(spec.prune())
        .extracting(each -> each.kind() + " " + each.share() + each.over() + each.epochs())
        .containsExactly(
            "MAGNITUDE_OF_EACH 0.8[]0",
            "MAGNITUDE 0.5[dense]0",
            "N_OF_M 0.5[]1",
            "MOVEMENT 0.9[dense]4",
            "STRUCTURED 0.25[conv, a.*]3");
    assertThat(spec.factorize())
        .extracting(each -> each.error() + " " + each.over() + each.epochs())
        .containsExactly("0.05 [dense]2");
    assertThat(spec.requirements())
        .extracting(each -> each.name() + " " + each.comparison() + " " + each.limit())
        .containsExactly("auc within 0.005", "parameters <= 0.27", "jar <= 20480.0");
  }

  @Test
  void rangesOfInputsThatLearnBeginWithCalibratedOnes() {
    String block =
        """
        compress M {
            quantize int8 during training
            quantize int8 over dense calibrated on 9 of d.train by min_max during 3 epochs
        }
        """;
    Diagnostics diagnostics = new Diagnostics();
    CompressSpec spec = specs(MODEL + TRAIN + block, diagnostics).compressionOf("M").orElseThrow();
    assertThat(diagnostics.sorted()).isEmpty();
    assertThat(spec.quantize())
        .extracting(QuantizeSpec::kind)
        .containsExactly(Kind.FIXED, Kind.FIXED);
    assertThat(spec.quantize()).extracting(QuantizeSpec::epochs).containsExactly(1, 3);
    assertThat(spec.quantize())
        .extracting(QuantizeSpec::calibration)
        .containsExactly(
            new CalibrationSpec(256, Method.MSE, 100), new CalibrationSpec(9, Method.MIN_MAX, 100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
      quantize int9                                             | E409 | int8, int4, f16 and bf16
      quantize bf16                                             | E409 | quantize weights bf16
      quantize f16                                              | E409 | quantize weights f16
      quantize weights f16 during 2 epochs                      | E409 | f16 is not learned
      quantize weights f16 group 32                             | E409 | groups of 32, 64 or 128
      quantize int4 calibrated on 3 of d.train                  | E409 | quantize weights int4
      quantize weights int8 calibrated on 3 of d.train          | E409 | no calibration
      quantize int8 calibrated on 0 of d.train                  | E409 | 1 or more
      quantize int8 calibrated on 9 of e.train                  | E101 | its data is d
      quantize int8 calibrated on 9 of d.test                   | E410 | d.train
      quantize int8 calibrated on 9 of d.train by guess         | E409 | min_max
      quantize int8 calibrated on 9 of d.train by mse 3         | E409 | min_max
      quantize int8 calibrated on 9 of d.train by entropy 3     | E409 | by entropy
      quantize int8 calibrated on 9 of d.train by percentile 7  | E409 | above 50
      quantize weights mixed calibrated on 9 of d.train         | E409 | mixed budget 20 %
      quantize weights mixed budget 20 %                        | E409 | 256 of d.train
      quantize weights mixed budget 0 % calibrated on 9 of d.train | E409 | budget of 0.0 %
      quantize weights mixed budget 20 % calibrated on 9 of d.test | E410 | d.train
      quantize weights mixed group 32 budget 20 % calibrated on 9 of d.train | E409 | no groups
      quantize weights int8 budget 20 %                         | E409 | `budget` does not fit
      quantize int8 during 0 epochs                             | E409 | 1 or more
      quantize weights int4 during 0 epochs                     | E409 | 1 or more
      quantize weights bf16 during training                     | E409 | weights int4 or int8
      quantize weights int4 inputs int32                        | E409 | int8 and int16
      quantize weights f16 inputs int16                         | E409 | weights of int8 or int4
      quantize weights int4 inputs int16 group 32               | E409 | groups do not go
      quantize weights int8 inputs int16 calibrated on 9 of d.train | E409 | found at each call
      quantize int8 inputs int16                                | E409 | weights int8 inputs int16
      factorize error 1 over dense                              | E409 | such as 0.05
      factorize error 0.1 during 0 epochs                       | E409 | leave out `during`
      prune magnitude 1.5 of each                               | E409 | such as 0.5
      prune 4:4 over dense                                      | E409 | 2:4 for two of four
      prune 0:4 over dense                                      | E409 | 2:4 for two of four
      prune structured 1                                        | E409 | such as 0.5
      prune structured 0 over conv                              | E409 | such as 0.5
      prune structured 0.5 during 0 epochs                      | E409 | leave out `during`
      prune movement 0.5                                        | E409 | during 1 epochs
      prune magnitude 0.5 rewind                                | E409 | during 1 epochs
      prune structured 0.5 rewind during 2 epochs               | E409 | leave out `rewind`
      prune movement 0.5 rewind during 2 epochs                 | E409 | leave out `rewind`
      prune 2:4 during 1 epochs prune magnitude 0.5 rewind during 2 epochs | E409 | in none
      quantize weights bf16 group 32                            | E409 | groups of 32, 64 or 128
      quantize int8 require f1 >= 0.5                           | E408 | add measure f1
      quantize int8 require jar within 3 KB                     | E409 | within
      require auc >= 0.5                                        | E404 | compresses nothing
      """)
  void mistakes(String block, String code, String text) {
    assertOnly(MODEL + TRAIN + "compress M { " + block + " }", code, text);
  }

  @Test
  void whatNothingTrainsIsNotCompressed() {
    assertOnly(MODEL + "compress M { quantize int8 }", "E404", "train M on DATA");
  }

  @Test
  void aModelIsCompressedOnce() {
    String block = "compress M { quantize int8 }\n";
    assertOnly(MODEL + TRAIN + block + block, "E102", "declared twice");
  }

  @Test
  void recipesKnowNoModelBefore() {
    String train = TRAIN.replace(" }", " require auc within 1 % }");
    assertOnly(MODEL + train, "E409", "compress block");
  }

  private static void assertOnly(String text, String code, String words) {
    Diagnostics diagnostics = new Diagnostics();
    specs(text, diagnostics);
    assertThat(diagnostics.sorted())
        .as(text)
        .hasSize(1)
        .allSatisfy(
            found -> {
              assertThat(found.code().code()).isEqualTo(code);
              assertThat(found.message() + found.hint()).contains(words);
            });
  }
}
