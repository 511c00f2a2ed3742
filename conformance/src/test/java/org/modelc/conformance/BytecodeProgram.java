package org.modelc.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.codegen.jvm.EmittedProgram;
import org.modelc.codegen.jvm.JavaCompilation;
import org.modelc.codegen.jvm.JvmBackend;
import org.modelc.codegen.jvm.MemoryLoader;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.PooledConstant;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.runtime.CompiledProgram;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;
import org.modelc.runtime.workers.Team;

/** A graph compiled to bytecode and loaded, with its {@code prepare} program if it has one. */
final class BytecodeProgram {
  private final Graph graph;
  private final List<Part> parts;

  /** One class: {@code prepare} or the program itself. */
  private record Part(EmittedProgram emitted, CompiledProgram program) {}

  private BytecodeProgram(Graph graph, List<Part> parts) {
    this.graph = graph;
    this.parts = parts;
  }

  /** Compiles many graphs with one call of the Java compiler. */
  static List<BytecodeProgram> compileAll(List<Graph> graphs, Pipeline pipeline) {
    List<List<EmittedProgram>> emitted = new ArrayList<>();
    Map<String, String> sources = new LinkedHashMap<>();
    for (Graph graph : graphs) {
      List<EmittedProgram> programs = new ArrayList<>();
      Target target = new Target("jvm", Target.Claims.NONE, false);
      for (KernelProgram kernels : pipeline.compile(graph, target, PassManager.Listener.NONE)) {
        String name = "conformance.P" + sources.size();
        programs.add(new JvmBackend().emit(kernels, name));
        sources.put(name, programs.get(programs.size() - 1).source());
      }
      emitted.add(programs);
    }
    Map<String, byte[]> classes = JavaCompilation.compile(sources);
    MemoryLoader loader = new MemoryLoader(() -> classes);
    List<BytecodeProgram> programs = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      List<Part> parts = new ArrayList<>();
      for (EmittedProgram program : emitted.get(i)) {
        parts.add(new Part(program, loader.program(program.abi().symbol())));
      }
      programs.add(new BytecodeProgram(graphs.get(i), parts));
    }
    return programs;
  }

  /** The Java text of all parts. */
  String source() {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.emitted().source()));
    return text.toString();
  }

  /** Runs on inputs in the graph's order and gives outputs in its order. */
  List<Array> run(List<Array> inputs, int workers) {
    Map<String, Object> prepared = new LinkedHashMap<>();
    Map<String, Object> given = new LinkedHashMap<>();
    Map<String, Integer> dims = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Graph.Input input = graph.inputs().get(i);
      given.put(input.role() + " " + input.name(), HostArrays.of(inputs.get(i)));
      for (int axis = 0; axis < inputs.get(i).rank(); axis++) {
        dims.put(input.value().tensor().dim(axis).toString(), inputs.get(i).shape()[axis]);
      }
    }
    List<Object> outputs = List.of();
    for (Part part : parts) {
      outputs = run(part, given, prepared, dims, workers);
    }
    return results(outputs, dims);
  }

  private static List<Object> run(
      Part part,
      Map<String, Object> given,
      Map<String, Object> prepared,
      Map<String, Integer> dims,
      int workers) {
    ProgramAbi abi = part.emitted().abi();
    List<Object> buffers = new ArrayList<>();
    List<Object> outputs = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      Object array = given.get(buffer.role() + " " + buffer.name());
      if (array == null && buffer.role() == Role.CONSTANT) {
        array = prepared.get(buffer.name());
      }
      if (array == null) {
        array = HostArrays.filledWithGarbage(buffer.dtype(), (int) buffer.size().evaluate(dims));
        fillConstant(part.emitted(), buffer, array);
      }
      buffers.add(array);
      if (buffer.role() == Role.OUTPUT) {
        outputs.add(array);
        prepared.put(buffer.name(), array);
      }
    }
    int[] values = abi.dims().stream().mapToInt(dims::get).toArray();
    runTeam(part.program(), buffers.toArray(), values, workers);
    return outputs;
  }

  private static void fillConstant(EmittedProgram emitted, ProgramAbi.Buffer buffer, Object array) {
    for (PooledConstant constant : emitted.constants()) {
      if (constant.buffer().equals(buffer.name())) {
        HostArrays.fill(array, constant.elements(), buffer.dtype());
      }
    }
  }

  private static void runTeam(CompiledProgram program, Object[] buffers, int[] dims, int workers) {
    if (workers == 1) {
      program.run(buffers, dims, program.scratch(dims), Team.alone(), 0);
    } else {
      new ThreadTeam(workers).run(program, buffers, dims);
    }
  }

  private List<Array> results(List<Object> outputs, Map<String, Integer> dims) {
    List<Array> results = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      var type = graph.outputs().get(i).value().tensor();
      int[] shape = type.shape().stream().mapToInt(dim -> (int) dim.evaluate(dims)).toArray();
      results.add(HostArrays.toArray(type.dtype(), shape, outputs.get(i)));
    }
    return results;
  }
}
