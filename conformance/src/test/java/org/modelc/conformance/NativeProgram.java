package org.modelc.conformance;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.passes.Pipeline;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** A graph compiled to native code and loaded, with its {@code prepare} program if it has one. */
final class NativeProgram {
  private final NativeLibrary library;
  private final EmittedGraph emitted;

  private NativeProgram(NativeLibrary library, EmittedGraph emitted) {
    this.library = library;
    this.emitted = emitted;
  }

  static NativeProgram compile(Graph graph, Pipeline pipeline, IsaLevel level) {
    return compileAll(List.of(graph), pipeline, level).get(0);
  }

  /** Compiles many graphs into one library. */
  static List<NativeProgram> compileAll(List<Graph> graphs, Pipeline pipeline, IsaLevel level) {
    return compileAll(graphs, pipeline, level, UnaryOperator.identity());
  }

  /** As {@link #compileAll}, for buffers that begin anywhere. */
  static List<NativeProgram> compileUnaligned(
      List<Graph> graphs, Pipeline pipeline, IsaLevel level) {
    return compileAll(graphs, pipeline, level, text -> text.replace("align 64 %p", "%p"));
  }

  /** The LLVM text of a graph's programs. */
  static String text(Graph graph, Pipeline pipeline, IsaLevel level) {
    return EmittedGraph.all(List.of(graph), pipeline, description(level)).get(0).source();
  }

  private static TargetDescription description(IsaLevel level) {
    NativePlatform host = NativePlatform.host();
    return host.levels().contains(level) ? host.target(level) : TargetDescription.linux(level);
  }

  private static List<NativeProgram> compileAll(
      List<Graph> graphs, Pipeline pipeline, IsaLevel level, UnaryOperator<String> edit) {
    List<EmittedGraph> emitted = EmittedGraph.all(graphs, pipeline, description(level));
    NativeLibrary library = NativeLibrary.of(EmittedGraph.programs(emitted), level, edit);
    List<NativeProgram> programs = new ArrayList<>();
    emitted.forEach(each -> programs.add(new NativeProgram(library, each)));
    return programs;
  }

  /** The LLVM text of all parts. */
  String source() {
    return emitted.source();
  }

  /** Runs on inputs in the graph's order and gives outputs in its order. */
  List<Array> run(List<Array> inputs, int workers) {
    return run(inputs, workers, null);
  }

  /**
   * As {@link #run(List, int)}.
   *
   * @param memory where all buffers but the arena lie that have room there; null for anywhere
   */
  List<Array> run(List<Array> inputs, int workers, GuardedMemory memory) {
    Map<String, ByteBuffer> given = new LinkedHashMap<>();
    Map<String, ByteBuffer> prepared = new LinkedHashMap<>();
    Map<String, Integer> dims = emitted.dims(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      Graph.Input input = emitted.graph().inputs().get(i);
      Array array = inputs.get(i);
      given.put(
          input.role() + " " + input.name(),
          guarded(memory, NativeArrays.of(array.dtype(), array.data(), array.size())));
    }
    List<ByteBuffer> outputs = List.of();
    for (EmittedGraph.Part part : emitted.parts()) {
      outputs = run(part, given, prepared, dims, workers, memory);
    }
    return emitted.results(outputs, dims);
  }

  private List<ByteBuffer> run(
      EmittedGraph.Part part,
      Map<String, ByteBuffer> given,
      Map<String, ByteBuffer> prepared,
      Map<String, Integer> dims,
      int workers,
      GuardedMemory guard) {
    ProgramAbi abi = part.program().abi();
    List<ByteBuffer> buffers = new ArrayList<>();
    List<ByteBuffer> outputs = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      ByteBuffer memory = given.get(buffer.role() + " " + buffer.name());
      if (memory == null && buffer.role() == Role.CONSTANT) {
        memory = prepared.get(buffer.name());
      }
      if (buffer.inPlace()) {
        memory = updated(abi, buffers, buffer.updates());
      }
      if (memory == null) {
        memory = part.fresh(buffer, (int) buffer.size().evaluate(dims));
        memory = buffer.role() == Role.WORKSPACE ? memory : guarded(guard, memory);
      }
      buffers.add(memory);
      if (buffer.role() == Role.OUTPUT) {
        outputs.add(memory);
        prepared.put(buffer.name(), memory);
      }
    }
    long[] addresses = buffers.stream().mapToLong(library::address).toArray();
    long[] values = abi.dims().stream().mapToLong(dims::get).toArray();
    long scratch = part.program().scratchBytes().evaluate(dims);
    try {
      int result = library.run(part.number(), addresses, values, scratch, workers);
      if (result != 0) {
        throw new IllegalStateException("the program returned " + result);
      }
    } finally {
      Reference.reachabilityFence(buffers);
    }
    return outputs;
  }

  /** The input that an output updates in place. */
  private static ByteBuffer updated(ProgramAbi abi, List<ByteBuffer> buffers, String name) {
    for (int i = 0; i < buffers.size(); i++) {
      ProgramAbi.Buffer buffer = abi.buffers().get(i);
      if (buffer.name().equals(name) && buffer.role() != Role.OUTPUT) {
        return buffers.get(i);
      }
    }
    throw new IllegalStateException("the program has no input " + name);
  }

  /** The same bytes where the guard has room for them. */
  private static ByteBuffer guarded(GuardedMemory guard, ByteBuffer memory) {
    ByteBuffer moved = guard == null ? null : guard.allocate(memory.capacity());
    return moved == null ? memory : moved.put(0, memory, 0, memory.capacity());
  }
}
