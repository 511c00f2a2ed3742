package org.modelc.passes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.interpreter.KernelInterpreter;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** Compiles graphs and runs their kernels, the prepare program first. */
final class CompiledRun {
  private CompiledRun() {}

  /** The outputs by name. */
  static Map<String, Array> run(Graph graph, Map<String, Array> inputs, Pipeline pipeline) {
    Map<String, Integer> dims = dims(graph, inputs);
    List<KernelProgram> programs = pipeline.compile(graph, Target.PLAIN, PassManager.Listener.NONE);
    Map<String, Array> given = new LinkedHashMap<>(inputs);
    for (KernelProgram program : programs.subList(0, programs.size() - 1)) {
      given.putAll(KernelInterpreter.run(program, given, dims));
    }
    return KernelInterpreter.run(programs.get(programs.size() - 1), given, dims);
  }

  /** The outputs in order. */
  static List<Array> run(Graph graph, List<Array> inputs, Pipeline pipeline) {
    Map<String, Array> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(graph.inputs().get(i).name(), inputs.get(i));
    }
    Map<String, Array> results = run(graph, named, pipeline);
    return graph.outputs().stream().map(output -> results.get(output.name())).toList();
  }

  private static Map<String, Integer> dims(Graph graph, Map<String, Array> inputs) {
    Map<String, Integer> dims = new LinkedHashMap<>();
    for (Graph.Input input : graph.inputs()) {
      List<Dim> shape = input.value().tensor().shape();
      for (int axis = 0; axis < shape.size(); axis++) {
        String name = shape.get(axis).toString();
        if (shape.get(axis).equals(Dim.symbol(name.matches("[A-Za-z]\\w*") ? name : "none"))) {
          dims.put(name, inputs.get(input.name()).shape()[axis]);
        }
      }
    }
    return dims;
  }

  /** The graph with its inputs of static shape made parameters. */
  static Graph withParameters(Graph graph) {
    List<Graph.Input> inputs = new ArrayList<>();
    for (Graph.Input input : graph.inputs()) {
      Role role = input.value().tensor().isStatic() ? Role.PARAMETER : input.role();
      inputs.add(new Graph.Input(input.name(), role, input.value()));
    }
    return new Graph(graph.name(), inputs, graph.nodes(), graph.outputs(), graph.bounds());
  }
}
