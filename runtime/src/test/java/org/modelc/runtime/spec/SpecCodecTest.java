package org.modelc.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.modelc.runtime.FormatException;

class SpecCodecTest {
  private static final List<Class<? extends Record>> SPECS =
      List.of(
          ModelManifest.class,
          DataSpec.class,
          RecipeSpec.class,
          InputSpec.class,
          TransformSpec.class,
          FittedTransform.class,
          FunctionSpec.class,
          TensorSpec.class,
          ProgramAbi.class);

  @Test
  void everySpecComesBackEqual() {
    Random random = new Random(3);
    for (Class<? extends Record> spec : SPECS) {
      for (int i = 0; i < 40; i++) {
        Record value = RandomRecords.of(spec, random);
        assertThat(SpecCodec.read(SpecCodec.write(value), spec)).isEqualTo(value);
      }
    }
  }

  /** Random texts of a manifest have quotes, backslashes and brackets. */
  @Test
  void aManifestIsTheSameWhetherItsBuffersAreReadLaterOrNot() {
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      Record value = RandomRecords.of(ModelManifest.class, random);
      String text = SpecCodec.write(value).replaceFirst("\"format\": -?\\d+", "\"format\": 1");
      ModelManifest eager = SpecCodec.read(text, ModelManifest.class);
      ModelManifest later = SpecCodec.readManifest(text);
      assertThat(SpecCodec.write(later)).isEqualTo(SpecCodec.write(eager));
      assertThat(later).isEqualTo(eager).hasSameHashCodeAs(eager);
    }
  }

  @Test
  void theStartOfAManifestIsTheManifestWithoutWhatTrainingAndReportsNeed() {
    Random random = new Random(6);
    for (int i = 0; i < 80; i++) {
      Record value = RandomRecords.of(ModelManifest.class, random);
      String text = SpecCodec.write(value).replaceFirst("\"format\": -?\\d+", "\"format\": 1");
      ModelManifest start = SpecCodec.readStart(text);
      assertThat(start)
          .as("seed 6, manifest %s", i)
          .isEqualTo(startOf(SpecCodec.readManifest(text)));
      assertThat(start.recipe()).isNull();
    }
  }

  private static ModelManifest startOf(ModelManifest whole) {
    return new ModelManifest(
        whole.format(),
        whole.name(),
        whole.doc(),
        whole.compiler(),
        whole.backend(),
        whole.parameters(),
        whole.states(),
        whole.inputs(),
        whole.fitted(),
        whole.labels(),
        whole.functions(),
        whole.programs(),
        whole.nativeCode(),
        null,
        null,
        List.of(),
        Map.of(),
        Map.of(),
        whole.terms(),
        whole.crc32());
  }

  @Test
  void namesOfInputsAreNotTakenForPartsOfTheManifest() {
    ModelManifest start =
        SpecCodec.readStart(
            "{\"format\": 1, \"data\": {\"name\": \"]\"}, \"targets\": [{}], \"labels\":"
                + " {\"data\": [\"a\"], \"programs\": [\"b\"]}, \"terms\": {\"recipe\": \"c\"}}");
    assertThat(start.labels()).isEqualTo(Map.of("data", List.of("a"), "programs", List.of("b")));
    assertThat(start.terms()).isEqualTo(Map.of("recipe", "c"));
    assertThat(start.data()).isNull();
    assertThat(start.targets()).isEmpty();
  }

  @Test
  void whatIsWrongWithTheStartOfAManifestIsToldAsOfTheWhole() {
    for (String wrong :
        List.of(
            "{\"format\": 2, \"compiler\": \"9.9\"}",
            "{\"format\": 1, \"recipe\": {\"batch\": 1",
            "{\"format\": 1, \"parameters\": [{\"name\": \"p\", \"dtype\": \"f99\"}]}",
            "{\"format\": 1, \"nativeCode\": {\"programs\": 7}}",
            "{\"format\": 1, \"nativeCode\": {\"programs\": [{\"work\": \"3",
            "{\"format\": 1, \"nativeCode\": {\"programs\": [{} {}]}}",
            "{\"format\": 1, \"crc32\": {\"a\": 3}}")) {
      Throwable whole = catchThrowable(() -> SpecCodec.readManifest(wrong));
      assertThat(whole).as(wrong).isInstanceOf(FormatException.class);
      assertThatThrownBy(() -> SpecCodec.readStart(wrong)).hasMessage(whole.getMessage());
    }
    String manifest =
        "{\"format\": 1, \"programs\": [{\"name\": \"p\", \"buffers\": [{\"role\": 7}]}]}";
    ModelManifest start = SpecCodec.readStart(manifest);
    assertThatThrownBy(() -> start.programs().get(0).buffers().size())
        .isInstanceOf(FormatException.class)
        .hasMessage("ModelManifest.programs[0].buffers[0].role: a text should be here, not 7");
    String code = "{\"format\": 1, \"nativeCode\": {\"programs\": [{}, {\"work\": \"3 *\"}]}}";
    List<ProgramAbi> programs = SpecCodec.readStart(code).nativeCode().programs();
    assertThat(programs.get(0).buffers()).isEmpty();
    assertThatThrownBy(() -> programs.get(1))
        .hasMessageStartingWith("ModelManifest.nativeCode.programs[1].work: '3 *' is no dim");
    ModelManifest dims =
        SpecCodec.readStart(manifest.replace("{\"role\": 7}", "").replace("\"p\"", "8"));
    assertThatThrownBy(() -> dims.programs().size())
        .hasMessage("ModelManifest.programs[0].name: a text should be here, not 8");
  }

  @Test
  void whatIsWrongWithBuffersIsToldWhenTheyAreLookedAt() {
    String manifest =
        "{\"format\": 1, \"programs\": [{\"name\": \"p\", \"buffers\":\n [BUFFERS]}], \"doc\": \"d\"}";
    ModelManifest read =
        SpecCodec.readManifest(manifest.replace("BUFFERS", "{\"name\": \"]\\\"\", \"role\": 7}"));
    assertThat(read.doc()).isEqualTo("d");
    assertThat(read.programs().get(0).name()).isEqualTo("p");
    assertThatThrownBy(() -> read.programs().get(0).buffers().size())
        .isInstanceOf(FormatException.class)
        .hasMessage("ModelManifest.programs[0].buffers[0].role: a text should be here, not 7");
    ModelManifest broken = SpecCodec.readManifest(manifest.replace("BUFFERS", "{\"name\" 3}"));
    assertThatThrownBy(() -> broken.programs().get(0).buffers().get(0))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("line 2, column 11: ':' should stand here");
    assertThatThrownBy(() -> SpecCodec.readManifest(manifest.replace("BUFFERS]", "\"\\")))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("the text ends inside a list");
  }

  @Test
  void equalRecordsGiveEqualTextsWhateverTheOrderOfTheirMaps() {
    TensorSpec none = new TensorSpec("x", DType.F32, List.of(), "");
    assertThat(none).isNotNull();
    RecipeSpec.OptimizerSpec one =
        new RecipeSpec.OptimizerSpec("adam", Map.of("beta1", 0.9, "beta2", 0.999));
    RecipeSpec.OptimizerSpec other =
        new RecipeSpec.OptimizerSpec("adam", Map.of("beta2", 0.999, "beta1", 0.9));
    assertThat(SpecCodec.write(one)).isEqualTo(SpecCodec.write(other)).contains("\"beta1\": 0.9");
  }

  @Test
  void skipsFieldsItDoesNotKnowAndFillsMissingLists() {
    TensorSpec spec =
        SpecCodec.read("{\"name\": \"w\", \"dtype\": \"f32\", \"new\": [1]}", TensorSpec.class);
    assertThat(spec).isEqualTo(new TensorSpec("w", DType.F32, List.of(), null));
  }

  @Test
  void readsDimsFromTextAndNumbers() {
    TensorSpec spec =
        SpecCodec.read("{\"shape\": [\"4*B + 2\", 3], \"dtype\": \"i64\"}", TensorSpec.class);
    assertThat(spec.shape())
        .containsExactly(Dim.symbol("B").times(4).plus(Dim.constant(2)), Dim.constant(3));
  }

  @Test
  void saysWhichFieldIsWrong() {
    assertThatThrownBy(() -> SpecCodec.read("{\"shape\": [\"4*?\"]}", TensorSpec.class))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("TensorSpec.shape[0]");
    assertThatThrownBy(() -> SpecCodec.read("{\"dtype\": \"f33\"}", TensorSpec.class))
        .hasMessageContaining("TensorSpec.dtype: no DType `f33`");
    assertThatThrownBy(() -> SpecCodec.read("{\"name\": 7}", TensorSpec.class))
        .hasMessageContaining("TensorSpec.name: a text should be here, not 7");
  }

  @Test
  void keepsInfiniteMetrics() {
    RecipeSpec.RequirementSpec spec =
        new RecipeSpec.RequirementSpec("loss", "<=", Double.NEGATIVE_INFINITY, "x");
    assertThat(SpecCodec.read(SpecCodec.write(spec), RecipeSpec.RequirementSpec.class))
        .isEqualTo(spec);
  }

  @Test
  void refusesNewerManifests() {
    assertThatThrownBy(() -> SpecCodec.readManifest("{\"format\": 2}"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("format 2, this runtime reads up to 1");
    assertThatThrownBy(() -> SpecCodec.readManifest("{}")).hasMessageContaining("no format number");
  }
}
