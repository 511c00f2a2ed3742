package org.modelc.compiler.compress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.modelc.compiler.Backend;
import org.modelc.compiler.program.ClassNames;
import org.modelc.compiler.program.CompiledPrograms;
import org.modelc.compiler.program.ProgramCompiler;
import org.modelc.compiler.program.ProgramStages;
import org.modelc.ir.graph.Graph;
import org.modelc.runtime.Frame;
import org.modelc.runtime.Program;
import org.modelc.runtime.RowFunction;
import org.modelc.runtime.RowInputs;
import org.modelc.runtime.Tensor;
import org.modelc.runtime.data.Dataset;
import org.modelc.runtime.spec.ModelManifest;
import org.modelc.runtime.spec.ProgramAbi;

/** Runs a graph, as bytecode, over rows of data. */
final class RowRuns {
  private static final int CHUNK = 64;

  private final Map<String, Tensor> constants;
  private final Program program;
  private final RowFunction function;
  private final RowInputs inputs;

  /**
   * @param manifest what turns rows into inputs
   */
  RowRuns(Graph graph, ModelManifest manifest) {
    ClassNames names = new ClassNames("", manifest.name());
    List<ProgramStages> stages = new ProgramCompiler(names, Backend.JVM).training(graph).programs();
    CompiledPrograms compiled = CompiledPrograms.of(stages, Map.of(), names, Backend.JVM);
    ProgramAbi abi = compiled.abis().get(0);
    this.constants = compiled.constants();
    this.program = new Program(abi, compiled.of(abi));
    this.function = new RowFunction(program);
    this.inputs = new RowInputs(manifest, function.inputs());
  }

  /**
   * Runs over all rows, some at a time.
   *
   * @param parameters that the graph reads
   * @param take is given each result of some rows, with its name
   */
  void run(Map<String, Tensor> parameters, Dataset rows, BiConsumer<String, Tensor> take) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(parameters);
    tensors.putAll(constants);
    Frame frame = Frame.of(program, tensors);
    for (int from = 0; from < rows.size(); from += CHUNK) {
      int to = Math.min(rows.size(), from + CHUNK);
      Object[] arrays = inputs.of(rows.read(Dataset.range(from, to), inputs.columns()));
      Map<String, Tensor> results = function.newResults(to - from);
      function.run(frame, arrays, to - from, results, 0);
      results.forEach(take);
    }
  }
}
