package org.modelc.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.cuda.CudaBackend;
import org.modelc.codegen.cuda.CudaText;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;

/** A graph as CUDA C++: its {@code prepare} program if it has one, and itself. */
record EmittedCuda(Graph graph, List<EmittedCudaProgram> parts) {
  private static final Target CUDA = new Target("cuda", CudaBackend::claims, false);

  /** Emits graphs whose texts can be compiled together. */
  static List<EmittedCuda> all(List<Graph> graphs, Pipeline pipeline) {
    return all(graphs, pipeline, TargetDescription.PORTABLE);
  }

  /** As {@link #all(List, Pipeline)}, for one kind of device. */
  static List<EmittedCuda> all(List<Graph> graphs, Pipeline pipeline, TargetDescription target) {
    List<EmittedCuda> all = new ArrayList<>();
    int number = 0;
    for (Graph graph : graphs) {
      List<EmittedCudaProgram> parts = new ArrayList<>();
      for (KernelProgram kernels : pipeline.compile(graph, CUDA, PassManager.Listener.NONE)) {
        String symbol = "p" + number++;
        parts.add(new CudaBackend().emit(kernels, symbol, target));
      }
      all.add(new EmittedCuda(graph, parts));
    }
    return all;
  }

  /** The text of many. */
  static String text(List<EmittedCuda> graphs) {
    List<CudaText> texts = new ArrayList<>();
    graphs.forEach(graph -> graph.parts().forEach(part -> texts.add(part.text())));
    return CudaText.joined(texts).whole();
  }

  /** The CUDA C++ of all parts, and their launches. */
  String source() {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.listing()));
    return text.toString();
  }

  /** The dims that inputs bind, by name. */
  Map<String, Integer> dims(List<org.modelc.ir.interpreter.Array> inputs) {
    return new EmittedGraph(graph, List.of()).dims(inputs);
  }
}
