package org.modelc.compiler.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.dsl.elaborate.ElaboratedFunction;
import org.modelc.dsl.elaborate.ElaboratedModel;
import org.modelc.dsl.elaborate.ModelElaborator;
import org.modelc.dsl.parse.ParseResult;
import org.modelc.dsl.parse.SourceParser;
import org.modelc.dsl.recipe.CompressSpec.PruneSpec;
import org.modelc.dsl.recipe.CompressSpec.Pruning;
import org.modelc.ir.diagnostic.DiagnosticException;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.diagnostic.SourceText;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.passes.compress.AxisFactors;
import org.modelc.passes.compress.DimFactor;
import org.modelc.passes.compress.KeptIndices;
import org.modelc.passes.compress.RemoveIndices;
import org.modelc.passes.compress.WeightSite;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.TensorSpec;

/**
 * Channels whose filters and shifts are all 0 add nothing: without them a model gives the same. So
 * they are the ones to go, and going changes no result.
 */
class ChannelChoiceTest {
  private static final String NETWORK =
      """
      layer block(c: int)(x: f32[B, c, H, W]) -> f32[B, c, H, W] = relu(x + (x |> conv(c, 3) |> batch_norm))
      model Network {
          fn logits(image: f32[B, 2, 4, 4]) -> f32[B, 3] = image
              |> conv(4, 3) |> batch_norm |> relu |> block(4) |> block(4) |> max_pool(2)
              |> flatten |> dropout(0.1) |> dense(6) as wide |> gelu |> dense(3) as head
          export fn predict(image: f32[B, 2, 4, 4]) -> (class: f32[B, 3]) = (class: softmax(logits(image)))
      }
      """;
  private static final String ENCODER =
      """
      model Encoder {
          export fn code(x: f32[B, 5, 8]) -> (code: f32[B, 5, 8]) = (code: decoder_block(8, 4, inner: 6)(x))
      }
      """;
  private static final String GROUPED =
      """
      model Grouped {
          export fn code(x: f32[B, 2, 6, 6]) -> (code: f32[B]) =
              (code: x |> conv(4, 1) as mixer |> depthwise_conv(3) |> conv(2, 1) as last |> relu |> sum(over: [1, 2, 3]))
      }
      """;

  private final Random random = new Random(7);

  private static ElaboratedModel model(String text) {
    ParseResult parsed = SourceParser.parse(new SourceText("a.model", text));
    return ModelElaborator.elaborate(parsed.file(), parsed.file().models().get(0), Map.of())
        .model()
        .orElseThrow();
  }

  private static List<Graph> graphs(ElaboratedModel model) {
    List<Graph> graphs = new ArrayList<>(List.of(model.init()));
    for (ElaboratedFunction function : model.functions()) {
      graphs.addAll(List.of(function.training(), function.inference()));
    }
    return graphs;
  }

  private static ChannelChoice choice(
      ElaboratedModel model, AxisFactors factors, double share, String... over) {
    PruneSpec sentence =
        new PruneSpec(Pruning.STRUCTURED, share, 0, List.of(over), 0, false, SourceSpan.NONE);
    List<Graph> inference = model.functions().stream().map(ElaboratedFunction::inference).toList();
    return new ChannelChoice(List.of(sentence), factors, WeightSite.of(inference));
  }

  private Array drawn(int... shape) {
    Array array = Array.zeros(DType.F32, shape);
    for (int i = 0; i < array.size(); i++) {
      array.data()[i] = (float) (0.25 + random.nextDouble());
    }
    return array;
  }

  private Map<String, Array> parameters(ElaboratedModel model) {
    Map<String, Array> parameters = new LinkedHashMap<>();
    List<TensorSpec> specs = new ArrayList<>(model.parameters());
    specs.addAll(model.states());
    for (TensorSpec spec : specs) {
      int[] shape = spec.shape().stream().mapToInt(dim -> dim.intValue()).toArray();
      parameters.put(spec.name(), drawn(shape));
    }
    return parameters;
  }

  /** Sets to 0 whatever belongs to indices of a factor; those at the outermost place of an axis. */
  private static void silence(
      Map<String, Array> parameters, AxisFactors factors, DimFactor group, List<Integer> indices) {
    parameters.forEach(
        (name, array) -> {
          for (int axis = 0; axis < array.rank(); axis++) {
            List<DimFactor> product = factors.axis(name, axis);
            if (!product.isEmpty() && product.get(0) == group) {
              int inner = array.shape()[axis] / group.size().intValue();
              for (int i = 0; i < array.size(); i++) {
                if (indices.contains(Array.index(array.shape(), i)[axis] / inner)) {
                  array.data()[i] = 0;
                }
              }
            }
          }
        });
  }

  private Map<String, List<Integer>> removed(
      String text, Map<String, Integer> silent, double share, int[] input, String... over) {
    ElaboratedModel model = model(text);
    AxisFactors factors = AxisFactors.of(graphs(model));
    Map<String, Array> parameters = parameters(model);
    silent.forEach(
        (weight, axis) ->
            silence(parameters, factors, factors.axis(weight, axis).get(0), List.of(0, 3)));
    KeptIndices kept = choice(model, factors, share, over).kept(parameters);
    Graph before = model.functions().get(0).inference();
    Graph after = RemoveIndices.of(before, kept);
    Map<String, Array> smaller = new LinkedHashMap<>();
    parameters.forEach((name, array) -> smaller.put(name, kept.slice(name, array)));
    Array x = drawn(input);
    assertThat(run(after, smaller, x)).isEqualTo(run(before, parameters, x));
    // Training and first values are rewritten too: a shape that does not fit would throw.
    graphs(model).forEach(graph -> RemoveIndices.of(graph, kept));
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    smaller.forEach(
        (name, array) -> {
          if (array.rank() > 1) {
            shapes.put(name, java.util.Arrays.stream(array.shape()).boxed().toList());
          }
        });
    return shapes;
  }

  private static Array run(Graph graph, Map<String, Array> parameters, Array x) {
    Map<String, Array> inputs = new LinkedHashMap<>(parameters);
    inputs.put(graph.inputs().get(0).name(), x);
    Map<String, Array> results =
        GraphInterpreter.run(graph, inputs, GraphInterpreter.Precision.EXACT);
    return results.values().iterator().next();
  }

  @Test
  void channelsAcrossResidualsBatchNormsAndFlattening() {
    Map<String, List<Integer>> shapes =
        removed(NETWORK, Map.of("logits.conv.weight", 0), 0.5, new int[] {2, 2, 4, 4}, "conv");
    assertThat(shapes)
        .containsEntry("logits.conv.weight", List.of(2, 2, 3, 3))
        .containsEntry("logits.block.conv.weight", List.of(2, 2, 3, 3))
        .containsEntry("logits.block_2.conv.weight", List.of(2, 2, 3, 3))
        .containsEntry("logits.wide.weight", List.of(2 * 2 * 2, 6));
  }

  @Test
  void hiddenUnitsAlone() {
    Map<String, List<Integer>> shapes =
        removed(NETWORK, Map.of("logits.wide.weight", 1), 0.34, new int[] {1, 2, 4, 4}, "wide");
    assertThat(shapes)
        .containsEntry("logits.conv.weight", List.of(4, 2, 3, 3))
        .containsEntry("logits.wide.weight", List.of(4 * 2 * 2, 4))
        .containsEntry("logits.head.weight", List.of(4, 3));
  }

  @Test
  void wholeHeadsOfAttention() {
    Map<String, List<Integer>> shapes =
        removed(
            ENCODER,
            Map.of("code.decoder_block.attention.value.weight", 1),
            0.5,
            new int[] {1, 5, 8},
            "attention.query");
    assertThat(shapes)
        .containsEntry("code.decoder_block.attention.query.weight", List.of(8, 4))
        .containsEntry("code.decoder_block.attention.key.weight", List.of(8, 4))
        .containsEntry("code.decoder_block.attention.value.weight", List.of(8, 4))
        .containsEntry("code.decoder_block.attention.output.weight", List.of(4, 8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          head      | 0.5  | E510 | the result `class`
          conv      | 0.9  | E510 | 0.9 of the 4 channels of [logits.conv.weight, logits.block.conv.weight, logits.block_2.conv.weight] is all of them
          lstm      | 0.5  | E509 | no weight matches `lstm`
          """)
  void whatCannotGo(String pattern, double share, String code, String words) {
    refused(NETWORK, pattern, share, code, words);
  }

  @Test
  void channelsThatAnOpMixesStay() {
    refused(GROUPED, "mixer", 0.5, "E510", "`convolution` mixes it");
    ElaboratedModel grouped = model(GROUPED);
    choice(grouped, AxisFactors.of(graphs(grouped)), 0.5, "last");
    refused(ENCODER, "narrow", 0.5, "E510", "the result `code`");
  }

  private static void refused(
      String text, String pattern, double share, String code, String words) {
    ElaboratedModel model = model(text);
    AxisFactors factors = AxisFactors.of(graphs(model));
    assertThatThrownBy(() -> choice(model, factors, share, pattern))
        .isInstanceOfSatisfying(
            DiagnosticException.class,
            refused -> {
              assertThat(refused.diagnostics().get(0).code().code()).isEqualTo(code);
              assertThat(refused.diagnostics().get(0).toString()).contains(words);
            });
  }
}
