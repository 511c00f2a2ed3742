package org.modelc.conformance;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.LlvmBackend;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.passes.PassManager;
import org.modelc.passes.Pipeline;
import org.modelc.passes.Target;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.ProgramAbi;
import org.modelc.runtime.spec.ProgramAbi.Role;

/** A graph compiled to native code and loaded, with its {@code prepare} program if it has one. */
final class NativeProgram {
  private final Graph graph;
  private final NativeLibrary library;
  private final List<Part> parts;

  /**
   * {@code prepare} or the program itself.
   *
   * @param number its place in the library
   */
  private record Part(EmittedNativeProgram emitted, int number) {}

  private NativeProgram(Graph graph, NativeLibrary library, List<Part> parts) {
    this.graph = graph;
    this.library = library;
    this.parts = parts;
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
    StringBuilder text = new StringBuilder();
    emit(graph, pipeline, level, 0).forEach(program -> text.append(program.llvm()));
    return text.toString();
  }

  private static List<EmittedNativeProgram> emit(
      Graph graph, Pipeline pipeline, IsaLevel level, int first) {
    List<EmittedNativeProgram> emitted = new ArrayList<>();
    Target target =
        new Target("llvm", (op, attributes, operands) -> LlvmBackend.claims(op, operands), false);
    for (KernelProgram kernels : pipeline.compile(graph, target, PassManager.Listener.NONE)) {
      String symbol = "program" + (first + emitted.size());
      emitted.add(new LlvmBackend().emit(kernels, symbol, description(level)));
    }
    return emitted;
  }

  private static TargetDescription description(IsaLevel level) {
    NativePlatform host = NativePlatform.host();
    return host.levels().contains(level) ? host.target(level) : TargetDescription.linux(level);
  }

  private static List<NativeProgram> compileAll(
      List<Graph> graphs, Pipeline pipeline, IsaLevel level, UnaryOperator<String> edit) {
    List<EmittedNativeProgram> emitted = new ArrayList<>();
    List<List<Part>> partsOf = new ArrayList<>();
    for (Graph graph : graphs) {
      List<Part> parts = new ArrayList<>();
      for (EmittedNativeProgram program : emit(graph, pipeline, level, emitted.size())) {
        parts.add(new Part(program, emitted.size()));
        emitted.add(program);
      }
      partsOf.add(parts);
    }
    NativeLibrary library = NativeLibrary.of(emitted, level, edit);
    List<NativeProgram> programs = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      programs.add(new NativeProgram(graphs.get(i), library, partsOf.get(i)));
    }
    return programs;
  }

  /** The LLVM text of all parts. */
  String source() {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.emitted().llvm()));
    return text.toString();
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
    Map<String, Integer> dims = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Graph.Input input = graph.inputs().get(i);
      Array array = inputs.get(i);
      given.put(
          input.role() + " " + input.name(),
          guarded(memory, NativeArrays.of(array.dtype(), array.data(), array.size())));
      for (int axis = 0; axis < array.rank(); axis++) {
        dims.put(input.value().tensor().dim(axis).toString(), array.shape()[axis]);
      }
    }
    List<ByteBuffer> outputs = List.of();
    for (Part part : parts) {
      outputs = run(part, given, prepared, dims, workers, memory);
    }
    return results(outputs, dims);
  }

  private List<ByteBuffer> run(
      Part part,
      Map<String, ByteBuffer> given,
      Map<String, ByteBuffer> prepared,
      Map<String, Integer> dims,
      int workers,
      GuardedMemory guard) {
    ProgramAbi abi = part.emitted().abi();
    List<ByteBuffer> buffers = new ArrayList<>();
    List<ByteBuffer> outputs = new ArrayList<>();
    for (ProgramAbi.Buffer buffer : abi.buffers()) {
      ByteBuffer memory = given.get(buffer.role() + " " + buffer.name());
      if (memory == null && buffer.role() == Role.CONSTANT) {
        memory = prepared.get(buffer.name());
      }
      if (memory == null) {
        memory = fresh(part.emitted(), buffer, (int) buffer.size().evaluate(dims));
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
    long scratch = part.emitted().scratchBytes().evaluate(dims);
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

  /** The same bytes where the guard has room for them. */
  private static ByteBuffer guarded(GuardedMemory guard, ByteBuffer memory) {
    ByteBuffer moved = guard == null ? null : guard.allocate(memory.capacity());
    return moved == null ? memory : moved.put(0, memory, 0, memory.capacity());
  }

  private static ByteBuffer fresh(
      EmittedNativeProgram emitted, ProgramAbi.Buffer buffer, int size) {
    for (EmittedNativeProgram.PooledConstant constant : emitted.constants()) {
      if (constant.buffer().equals(buffer.name())) {
        return NativeArrays.of(buffer.dtype(), constant.elements(), size);
      }
    }
    return NativeArrays.garbage(buffer.dtype(), size);
  }

  private List<Array> results(List<ByteBuffer> outputs, Map<String, Integer> dims) {
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
