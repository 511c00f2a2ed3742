package org.modelc.conformance;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.codegen.llvm.gemm.PackedPrograms;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi;

/** A graph as LLVM text for any machine: its {@code prepare} program if it has one, and itself. */
record EmittedGraph(Graph graph, List<Part> parts) {
  /**
   * {@code prepare} or the program itself.
   *
   * @param number its place in the library
   */
  record Part(EmittedNativeProgram program, int number) {
    /** Memory for a buffer that nobody gave: a constant of the program, or garbage. */
    ByteBuffer fresh(ProgramAbi.Buffer buffer, int size) {
      for (PooledConstant constant : program.constants()) {
        if (constant.buffer().equals(buffer.name())) {
          return NativeArrays.of(buffer.dtype(), constant.elements(), size);
        }
      }
      return NativeArrays.garbage(buffer.dtype(), size);
    }
  }

  /** Emits graphs for one library, as a model jar has them: with weights packed. */
  static List<EmittedGraph> all(List<Graph> graphs, Pipeline pipeline, TargetDescription machine) {
    Target target =
        new Target("llvm", (op, attributes, operands) -> LlvmBackend.claims(op, operands), false);
    List<EmittedGraph> all = new ArrayList<>();
    int number = 0;
    for (Graph graph : graphs) {
      List<Part> parts = new ArrayList<>();
      List<KernelProgram> compiled = pipeline.compile(graph, target, PassManager.Listener.NONE);
      for (KernelProgram kernels : PackedPrograms.of(compiled, machine)) {
        String symbol = "program" + number;
        parts.add(new Part(new LlvmBackend().emit(kernels, symbol, machine), number++));
      }
      all.add(new EmittedGraph(graph, parts));
    }
    return all;
  }

  /** The programs of graphs, each at its number. */
  static List<EmittedNativeProgram> programs(List<EmittedGraph> graphs) {
    List<EmittedNativeProgram> programs = new ArrayList<>();
    graphs.forEach(graph -> graph.parts().forEach(part -> programs.add(part.program())));
    return programs;
  }

  /** The LLVM text of all parts. */
  String source() {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.program().llvm()));
    return text.toString();
  }

  /** The dims that inputs bind, by name. */
  Map<String, Integer> dims(List<Array> inputs) {
    Map<String, Integer> dims = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      for (int axis = 0; axis < inputs.get(i).rank(); axis++) {
        String name = graph.inputs().get(i).value().tensor().dim(axis).toString();
        dims.put(name, inputs.get(i).shape()[axis]);
      }
    }
    return dims;
  }

  /** What the output buffers hold, in the graph's order. */
  List<Array> results(List<ByteBuffer> outputs, Map<String, Integer> dims) {
    List<Array> results = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      var type = graph.outputs().get(i).value().tensor();
      int[] shape = type.shape().stream().mapToInt(dim -> (int) dim.evaluate(dims)).toArray();
      DType dtype = type.dtype();
      results.add(NativeArrays.toArray(dtype, shape, outputs.get(i)));
    }
    return results;
  }
}
