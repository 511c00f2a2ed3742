package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.kernel.Buffer;
import org.modelc.runtime.spec.Dim;

/**
 * A function of the module that works on buffers of the program. What it asks for becomes a
 * parameter: pointers, one a place, so that they are all {@code noalias}; dynamic dims; then two
 * numbers (a worker and the number of workers, or the first and the last task) and the worker's
 * scratch memory.
 */
public final class KernelFunction {
  private final ModuleWriter module;
  private final BufferPlan buffers;
  private final FunctionWriter writer;
  private final FunctionWriter head;
  private final DimWriter dims;
  private final Map<Integer, Operand> pointers = new LinkedHashMap<>();
  private final Map<String, Operand> symbols = new LinkedHashMap<>();
  private final Map<String, Operand> locals = new HashMap<>();
  private Dim scratchBytes = Dim.ZERO;
  private Dim localBytes = Dim.ZERO;

  KernelFunction(ModuleWriter module, BufferPlan buffers) {
    this.module = module;
    this.buffers = buffers;
    this.writer = new FunctionWriter(module);
    this.head = new FunctionWriter(module, "%d");
    this.dims = new DimWriter(head, this::symbol);
  }

  /** The instructions of the body. */
  public FunctionWriter writer() {
    return writer;
  }

  public TargetDescription target() {
    return module.target();
  }

  public BufferPlan buffers() {
    return buffers;
  }

  /** The base address of a buffer, aligned to 64 bytes. */
  public Operand pointer(Buffer buffer) {
    Operand local = locals.get(buffer.name());
    return local != null ? local : pointer(buffers.placeOf(buffer));
  }

  Operand pointer(int place) {
    return pointers.computeIfAbsent(place, key -> new Operand("ptr", "%p" + pointers.size()));
  }

  /** A dim's value, i64; it is computed once at the function's entry. */
  public Operand dim(Dim dim) {
    return dims.value(dim);
  }

  private Operand symbol(String name) {
    return symbols.computeIfAbsent(name, key -> new Operand("i64", "%dim." + key));
  }

  /** The worker that runs, or the first task; i64. */
  public Operand first() {
    return new Operand("i64", "%first");
  }

  /** The number of workers, or the task after the last; i64. */
  public Operand second() {
    return new Operand("i64", "%second");
  }

  /**
   * Memory of the worker's own, aligned to 64 bytes; what is in it at entry is not known.
   *
   * @param bytes from {@code offset} on, a multiple of 64 unless nothing follows
   */
  public Operand scratch(Dim offset, Dim bytes) {
    scratchBytes = larger(scratchBytes, offset.plus(bytes));
    return writer.address("i8", new Operand("ptr", "%scratch"), dim(offset));
  }

  /** Puts a local array into the worker's scratch, after those that have been put there. */
  void local(Buffer buffer) {
    Dim bytes = buffer.size().times(buffer.dtype().bytes());
    Dim rounded = bytes.isStatic() ? Dim.constant((bytes.value() + 63) / 64 * 64) : bytes.times(64);
    locals.put(buffer.name(), scratch(localBytes, rounded));
    localBytes = localBytes.plus(rounded);
  }

  Dim scratchBytes() {
    return scratchBytes;
  }

  /** The larger of two sizes; their sum, where that depends on dynamic dims. */
  static Dim larger(Dim one, Dim other) {
    if (one.isStatic() && other.isStatic()) {
      return one.value() < other.value() ? other : one;
    }
    return one.equals(other) || other.is(0) ? one : one.plus(other);
  }

  /** Calls another function with its own parameters, which become parameters of this one. */
  void call(Callable callable, Operand first, Operand second) {
    call(callable, first, second, Map.of());
  }

  /**
   * As the other, with addresses of this function's own for some places.
   *
   * @param own the addresses, aligned to 64 bytes
   */
  void call(Callable callable, Operand first, Operand second, Map<Integer, Operand> own) {
    List<Operand> arguments = new ArrayList<>();
    for (int place : callable.places()) {
      arguments.add(own.containsKey(place) ? own.get(place) : pointer(place));
    }
    callable.dims().forEach(name -> arguments.add(symbol(name)));
    arguments.add(first);
    arguments.add(second);
    arguments.add(new Operand("ptr", "%scratch"));
    scratchBytes = larger(scratchBytes, callable.scratchBytes());
    writer.call("void", callable.function(), arguments.toArray(Operand[]::new));
  }

  /**
   * A finished function.
   *
   * @param function its name in the module
   * @param places the places of its pointer parameters
   * @param dims the dynamic dims among its parameters
   */
  public record Callable(
      String function, List<Integer> places, List<String> dims, Dim scratchBytes) {
    public Callable {
      places = List.copyOf(places);
      dims = List.copyOf(dims);
    }
  }

  /**
   * Ends the function and adds it to the module, or finds an equal one there. Functions stay apart:
   * inlined into the entry, all kernels of a program would be one function, which takes LLVM
   * longer.
   */
  public Callable finish(String name, List<String> comment) {
    writer.line("ret void");
    List<String> parameters = new ArrayList<>();
    pointers.values().forEach(p -> parameters.add("ptr noalias nocapture align 64 " + p.text()));
    symbols.values().forEach(symbol -> parameters.add(symbol.toString()));
    parameters.add("i64 %first");
    parameters.add("i64 %second");
    parameters.add("ptr noalias nocapture %scratch");
    String text =
        "(" + String.join(", ", parameters) + ") #0 noinline {\n" + writer.text(head) + "}\n";
    String function = module.add(name, text, comment);
    return new Callable(
        function,
        new ArrayList<>(pointers.keySet()),
        new ArrayList<>(symbols.keySet()),
        scratchBytes);
  }

  /** The places of buffers. */
  public Set<Integer> places(Iterable<Buffer> some) {
    Set<Integer> places = new TreeSet<>();
    some.forEach(buffer -> places.add(buffers.placeOf(buffer)));
    return places;
  }
}
