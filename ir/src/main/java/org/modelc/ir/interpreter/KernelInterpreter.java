package org.modelc.ir.interpreter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.ir.kernel.OpKernel;
import org.modelc.ir.kernel.StatementKernel;
import org.modelc.ir.op.Literal;
import org.modelc.runtime.spec.Dim;
import org.modelc.runtime.spec.ProgramAbi.Role;

/**
 * Runs kernels as they are written, one point after another, rounding each operation to its type.
 * With a memory plan, temporaries share the slots' memory and in-place outputs that of their
 * inputs, so that a wrong plan shows.
 */
public final class KernelInterpreter {
  private final KernelProgram program;
  private final Map<String, Integer> dims;
  private final Map<Buffer, KernelMemory> memory = new HashMap<>();

  // By identity, since expressions keep their buffers and axes: equality would walk each at every
  // element.
  private final Map<Buffer, Place> places = new IdentityHashMap<>();
  private final Map<Dim, Integer> extents = new IdentityHashMap<>();

  /** Where a buffer lies, and how long each axis is. */
  private record Place(KernelMemory cells, int[] extents) {}

  private KernelInterpreter(KernelProgram program, Map<String, Integer> dims) {
    this.program = program;
    this.dims = dims;
  }

  /**
   * Runs a program.
   *
   * @param inputs by the names of the program's parameters
   * @param dims the values of its dynamic dims
   * @return outputs by name; an update's name is the input's with {@code '} added
   */
  public static Map<String, Array> run(
      KernelProgram program, Map<String, Array> inputs, Map<String, Integer> dims) {
    KernelInterpreter interpreter = new KernelInterpreter(program, dims);
    interpreter.allocate(inputs);
    program.kernels().forEach(interpreter::kernel);
    return interpreter.outputs();
  }

  private void allocate(Map<String, Array> inputs) {
    for (KernelProgram.Parameter parameter : program.parameters()) {
      if (parameter.role() != Role.OUTPUT) {
        KernelMemory cells = newMemory(parameter.buffer());
        cells.fill(inputs.get(parameter.name()).data());
      }
    }
    for (KernelProgram.Parameter parameter : program.parameters()) {
      Buffer shared =
          program.plan() == null ? null : program.plan().inPlace().get(parameter.buffer());
      if (parameter.role() == Role.OUTPUT && shared != null) {
        memory.put(parameter.buffer(), memory.get(shared));
      } else if (parameter.role() == Role.OUTPUT) {
        newMemory(parameter.buffer());
      }
    }
    for (Map.Entry<Buffer, Literal> literal : program.literals().entrySet()) {
      newMemory(literal.getKey()).fill(literal.getValue().elements());
    }
    allocateTemporaries();
  }

  private void allocateTemporaries() {
    Map<Integer, KernelMemory> slots = new HashMap<>();
    for (Buffer temporary : program.temporaries()) {
      if (memory.containsKey(temporary)) {
        continue;
      }
      Integer slot = program.plan() == null ? null : program.plan().slotOf().get(temporary);
      if (slot == null) {
        newMemory(temporary);
      } else {
        Dim size = program.plan().slots().get(slot).size();
        memory.put(
            temporary,
            slots.computeIfAbsent(
                slot, key -> new KernelMemory(temporary.dtype(), evaluated(size))));
      }
    }
  }

  private KernelMemory newMemory(Buffer buffer) {
    KernelMemory cells = new KernelMemory(buffer.dtype(), evaluated(buffer.size()));
    memory.put(buffer, cells);
    places.clear();
    return cells;
  }

  int size(Dim dim) {
    Integer known = extents.get(dim);
    if (known == null) {
      known = evaluated(dim);
      extents.put(dim, known);
    }
    return known;
  }

  private int evaluated(Dim dim) {
    return Math.toIntExact(dim.evaluate(dims));
  }

  private Map<String, Array> outputs() {
    Map<String, Array> outputs = new LinkedHashMap<>();
    for (KernelProgram.Parameter parameter : program.parameters()) {
      if (parameter.role() == Role.OUTPUT) {
        outputs.put(parameter.name(), array(parameter.buffer()));
      }
    }
    return outputs;
  }

  private void kernel(Kernel kernel) {
    kernel.accept(new Runner());
  }

  /** Runs one kernel. */
  private final class Runner implements Kernel.Visitor<Void> {
    @Override
    public Void nest(LoopNest nest) {
      ExprInterpreter scope = new ExprInterpreter(KernelInterpreter.this);
      points(nest.parallel(), 0, scope, () -> point(nest, scope));
      return null;
    }

    @Override
    public Void statements(StatementKernel kernel) {
      kernel.body().accept(new StatementInterpreter(KernelInterpreter.this));
      return null;
    }

    @Override
    public Void op(OpKernel kernel) {
      List<Array> operands = kernel.operands().stream().map(buffer -> array(buffer)).toList();
      List<Array> results = GraphInterpreter.run(kernel.op(), kernel.attributes(), operands);
      for (int i = 0; i < results.size(); i++) {
        place(kernel.results().get(i)).cells().fill(results.get(i).data());
      }
      return null;
    }
  }

  private Array array(Buffer buffer) {
    Place place = place(buffer);
    return new Array(buffer.dtype(), place.extents().clone(), place.cells().elements());
  }

  private void point(LoopNest nest, ExprInterpreter scope) {
    List<Object> sums = new ArrayList<>();
    for (LoopNest.Reduction reduction : nest.reductions()) {
      sums.add(scope.value(reduction.initial()));
    }
    points(nest.reduce(), 0, scope, () -> join(nest, scope, sums));
    scope.reduced = sums;
    List<Object> values = nest.stores().stream().map(store -> scope.value(store.value())).toList();
    for (int i = 0; i < values.size(); i++) {
      LoopNest.Store store = nest.stores().get(i);
      write(store.buffer(), scope.indices(store.index()), values.get(i));
    }
  }

  private static void join(LoopNest nest, ExprInterpreter scope, List<Object> sums) {
    for (int i = 0; i < sums.size(); i++) {
      LoopNest.Reduction reduction = nest.reductions().get(i);
      Object value = scope.value(reduction.body());
      sums.set(
          i,
          ExprInterpreter.apply(
              reduction.combiner().op(), reduction.dtype(), reduction.dtype(), sums.get(i), value));
    }
  }

  private void points(List<Axis> axes, int depth, ExprInterpreter scope, Runnable body) {
    if (depth == axes.size()) {
      scope.forget();
      body.run();
      return;
    }
    int extent = size(axes.get(depth).extent());
    for (int i = 0; i < extent; i++) {
      scope.bind(axes.get(depth).name(), (long) i);
      points(axes, depth + 1, scope, body);
    }
  }

  Object read(Buffer buffer, int[] index) {
    Place place = place(buffer);
    return place.cells().get(offset(buffer, place.extents(), index));
  }

  void write(Buffer buffer, int[] index, Object value) {
    Place place = place(buffer);
    place.cells().set(offset(buffer, place.extents(), index), value);
  }

  /** Gives a kernel's local array its memory. */
  void local(Buffer buffer) {
    newMemory(buffer);
  }

  private Place place(Buffer buffer) {
    Place place = places.get(buffer);
    if (place == null) {
      int[] shape = buffer.shape().stream().mapToInt(this::size).toArray();
      place = new Place(cells(buffer), shape);
      places.put(buffer, place);
    }
    return place;
  }

  private KernelMemory cells(Buffer buffer) {
    KernelMemory cells = memory.get(buffer);
    if (cells == null) {
      cells = memory.get(program.storage(buffer));
    }
    if (cells == null) {
      throw new InterpreterException("buffer " + buffer + " has no memory");
    }
    return cells;
  }

  private static int offset(Buffer buffer, int[] extents, int[] index) {
    int offset = 0;
    for (int i = 0; i < index.length; i++) {
      int extent = extents[i];
      if (index[i] < 0 || index[i] >= extent) {
        throw new InterpreterException(
            "index " + index[i] + " on axis " + i + " of " + buffer + buffer.shape());
      }
      offset = offset * extent + index[i];
    }
    return offset;
  }
}
