package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.compiler.CompileOptions;
import org.modelc.compiler.Compiler;
import org.modelc.compiler.ModelSource;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.GraphInterpreter;
import org.modelc.ir.interpreter.GraphInterpreter.Precision;
import org.modelc.ir.type.TensorType;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Models made of attention: their programs as bytecode against the interpreter in float64. */
class TransformerProgramsTest {
  private static final int WORDS = 11;

  private static final String ENCODER =
      """
      model Encoder {
          export fn encode(ids: i32[B, T], mask: bool[B, T]) -> (hidden: f32[B, T, 8]) where T <= 9 {
              var x = ids |> embedding(11, 8) |> learned_position(9) |> layer_norm(1e-12)
              for i in 0..2 { x = encoder_block(2, 12)(x, mask) }
              (hidden: x)
          }
      }
      """;

  private static final String DECODER =
      """
      model Decoder {
          fn logits(ids: i32[B, T]) -> f32[B, T, 11] = ids
              |> embedding(11, 8) |> learned_position(7) |> decoder_block(8, 2) |> layer_norm |> dense(11, bias: false)
          fn loss(ids: i32[B, 7], next: i32[B, 7]) -> f32[B, 7] = cross_entropy(logits(ids), next)
          export fn predict(ids: i32[B, T]) -> (logits: f32[B, T, 11]) where T <= 7 = (logits: logits(ids))
      }
      data words { train = jsonl("words.jsonl") }
      train Decoder on words { minimize loss with sgd(0.5) batch 3 epochs 1 }
      """;

  @TempDir Path folder;

  private Graph graph(String text, String program) {
    ModelSource source = ModelSource.of("test.model", text, folder);
    return Compiler.compile(source, CompileOptions.defaults()).stages().stream()
        .filter(stage -> stage.name().equals(program))
        .map(ProgramStages::graph)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void encoderAtSeveralSizes() {
    Graph encode = graph(ENCODER, "encode");
    for (int[] sizes : new int[][] {{1, 1}, {2, 7}, {3, 9}}) {
      compare(encode, Pipeline.INFERENCE, Map.of("B", sizes[0], "T", sizes[1]));
    }
  }

  @Test
  void decoderAndItsTrainingStep() throws IOException {
    Files.writeString(
        folder.resolve("words.jsonl"), "{\"ids\": [1,2,3,4,5,6,7], \"next\": [2,3,4,5,6,7,8]}\n");
    for (int[] sizes : new int[][] {{1, 1}, {2, 7}}) {
      compare(graph(DECODER, "predict"), Pipeline.INFERENCE, Map.of("B", sizes[0], "T", sizes[1]));
    }
    compare(graph(DECODER, "train"), Pipeline.TRAINING, Map.of("B", 3));
  }

  private static void compare(Graph graph, Pipeline pipeline, Map<String, Integer> dims) {
    List<Array> inputs = inputs(graph, dims);
    List<Array> expected = GraphInterpreter.run(graph, inputs, Precision.EXACT);
    List<BytecodeProgram> programs = BytecodeProgram.compileAll(List.of(graph), pipeline);
    for (int threads = 1; threads <= 2; threads++) {
      List<Array> results = programs.get(0).run(inputs, threads);
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).data())
            .as(graph.name() + " " + dims + " " + graph.outputs().get(i).name())
            .containsExactly(expected.get(i).data(), Offset.offset(1e-4));
      }
    }
  }

  private static List<Array> inputs(Graph graph, Map<String, Integer> dims) {
    Random random = new Random(7);
    List<Array> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      TensorType type = input.value().tensor();
      int[] shape = type.shape().stream().mapToInt(dim -> size(dim, dims)).toArray();
      Array array = Array.zeros(type.dtype(), shape);
      Arrays.setAll(array.data(), i -> element(input, random, i));
      inputs.add(array);
    }
    return inputs;
  }

  private static int size(Dim dim, Map<String, Integer> dims) {
    return (int) dim.evaluate(dims);
  }

  private static double element(Graph.Input input, Random random, int place) {
    DType dtype = input.value().tensor().dtype();
    if (input.role() == Role.CONTROL || input.name().equals("example_weight")) {
      return 1;
    } else if (dtype == DType.BOOL) {
      return place % 4 == 1 ? 0 : 1;
    }
    return dtype == DType.I32 ? random.nextInt(WORDS) : (float) random.nextGaussian();
  }
}
