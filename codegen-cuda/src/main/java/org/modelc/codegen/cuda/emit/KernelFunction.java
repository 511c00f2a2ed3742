package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.modelc.codegen.cuda.Launch;
import org.modelc.ir.kernel.AffineIndex;
import org.modelc.ir.kernel.Axis;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.Kernel;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** One {@code __global__} function: what its body asks for becomes its parameters. */
public final class KernelFunction {
  private final ProgramWriter program;
  private final Identifiers identifiers = new Identifiers().reserve(Prelude.names());
  private final SourceText out = new SourceText();
  private final Map<Integer, Pointer> pointers = new TreeMap<>();
  private final Set<Integer> written = new HashSet<>();
  private final Set<String> dims = new TreeSet<>();
  private final Map<String, String> localArrays = new HashMap<>();
  private final Map<String, Dim> extents = new HashMap<>();
  private final Map<Element, String> held = new HashMap<>();
  private int sharedBytes;

  /** Shared memory that leaves room for few blocks anyway. */
  private static final int MUCH_SHARED = 12 * 1024;

  private record Pointer(String name, DType dtype) {}

  /** An element of a buffer by its row-major position. */
  record Element(String buffer, AffineIndex at) {
    /** What is loaded, if its position is affine. */
    static Element of(Expr.Load load) {
      return new Element(load.buffer().name(), AffineIndex.flat(load.buffer(), load.index()));
    }
  }

  KernelFunction(ProgramWriter program) {
    this.program = program;
    reserve("lane", "warp");
  }

  /** Keeps names for a schedule's own variables. */
  public void reserve(String... names) {
    identifiers.reserve(List.of(names));
  }

  /** A function of the same program with names of its own. */
  KernelFunction another() {
    return new KernelFunction(program);
  }

  /** Where the body is written. */
  public SourceText out() {
    return out;
  }

  public Prelude prelude() {
    return program.prelude();
  }

  /** The C++ name of an axis or variable. */
  public String variable(String name) {
    return identifiers.of("variable", name);
  }

  /** A name that nothing else has. */
  public String fresh(String name) {
    return identifiers.fresh(name);
  }

  /** A dim as an expression of int. */
  public String dim(Dim dim) {
    for (String symbol : dim.symbols()) {
      if (!program.hasDim(symbol)) {
        throw new IllegalStateException("dim " + symbol + " is not bound by the program");
      }
      dims.add(symbol);
    }
    return DimText.print(dim, symbol -> identifiers.of("dim", symbol));
  }

  /** Tells that an element's value lies in a variable. */
  void hold(Element element, String name) {
    held.put(element, name);
  }

  /** Forgets what {@link #hold} told. */
  void release() {
    held.clear();
  }

  /** The variable that an element's value lies in, or null. */
  String held(Expr.Load load) {
    return held.isEmpty() ? null : held.get(Element.of(load));
  }

  /** The one value of a constant buffer, or null. */
  Double scalar(Buffer buffer) {
    return localArrays.containsKey(buffer.name()) ? null : program.buffers().scalar(buffer);
  }

  /** The pointer that a buffer is read by. */
  public String pointer(Buffer buffer) {
    String local = localArrays.get(buffer.name());
    if (local != null) {
      return local;
    }
    int place = program.buffers().placeOf(buffer);
    Pointer pointer =
        pointers.computeIfAbsent(
            place, key -> new Pointer(identifiers.of("place", buffer.name()), buffer.dtype()));
    if (pointer.dtype() != buffer.dtype()) {
      throw new IllegalStateException(
          buffer.name() + " shares memory of type " + pointer.dtype() + " in one kernel");
    }
    return pointer.name();
  }

  /** The pointer that a buffer is written by. */
  public String writable(Buffer buffer) {
    if (!localArrays.containsKey(buffer.name())) {
      written.add(program.buffers().placeOf(buffer));
    }
    return pointer(buffer);
  }

  /** Declares an array of each thread's own. */
  void localArray(Buffer buffer) {
    if (!buffer.size().isStatic()) {
      throw new IllegalStateException(
          "a thread has no array " + buffer.name() + " of " + buffer.size() + " elements");
    }
    String name = identifiers.fresh(buffer.name());
    localArrays.put(buffer.name(), name);
    out.line(CudaTypes.storage(buffer.dtype()) + " " + name + "[" + buffer.size() + "];");
  }

  /** Declares an array that the threads of a block share; gives its name. */
  public String shared(String name, DType dtype, int elements) {
    String fresh = identifiers.fresh(name);
    sharedBytes += elements * dtype.bytes();
    out.line("__shared__ " + CudaTypes.storage(dtype) + " " + fresh + "[" + elements + "];");
    return fresh;
  }

  /** As {@link #shared}, aligned for accesses of 16 bytes. */
  public String sharedAligned(String name, DType dtype, int elements) {
    String fresh = identifiers.fresh(name);
    sharedBytes += elements * dtype.bytes();
    String type = CudaTypes.storage(dtype);
    out.line("__shared__ __align__(16) " + type + " " + fresh + "[" + elements + "];");
    return fresh;
  }

  /** Declares words of 32 bits that the threads of a block share; gives their name. */
  public String sharedWords(String name, int words) {
    String fresh = identifiers.fresh(name);
    sharedBytes += words * Integer.BYTES;
    out.line("__shared__ __align__(16) unsigned " + fresh + "[" + words + "];");
    return fresh;
  }

  /** Tells that an axis runs from 0 to below its extent. */
  public void within(Axis axis) {
    extents.put(axis.name(), axis.extent());
  }

  void within(String variable, Dim extent) {
    if (extent == null) {
      extents.remove(variable);
    } else {
      extents.put(variable, extent);
    }
  }

  /** Whether a load's index lies in its buffer at every point, whatever conditions hold. */
  boolean isInside(Expr.Load load) {
    for (int i = 0; i < load.index().size(); i++) {
      if (!isBelow(load.index().get(i), load.buffer().shape().get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isBelow(Expr index, Dim size) {
    if (index instanceof Expr.IntConst constant) {
      return constant.value() >= 0 && size.isStatic() && constant.value() < size.value();
    }
    Dim extent = index instanceof Expr.Var variable ? extents.get(variable.name()) : null;
    if (extent == null) {
      return false;
    }
    boolean fixed = extent.isStatic() && size.isStatic();
    return extent.equals(size) || (fixed && extent.value() <= size.value());
  }

  /** Writes the function into the program's text. */
  public Phase finish(Kernel kernel, List<String> schedule, List<Launch.Extent> grid, int block) {
    return finish(kernel, schedule, grid, block, 1);
  }

  /**
   * As {@link #finish(Kernel, List, List, int)}.
   *
   * @param least blocks that a multiprocessor should hold at least, which bounds registers
   */
  public Phase finish(
      Kernel kernel, List<String> schedule, List<Launch.Extent> grid, int block, int least) {
    String name = program.kernelName(kernel.name());
    List<String> comment = ProgramWriter.comment(kernel, schedule);
    program.addKernel(comment, head(name, block, least), out.toString());
    return new Phase(
        name,
        comment,
        grid,
        block,
        sharedBytes,
        List.copyOf(pointers.keySet()),
        List.copyOf(dims),
        null);
  }

  private String head(String name, int block, int least) {
    List<String> parameters = new ArrayList<>();
    pointers.forEach(
        (place, pointer) -> {
          String type = CudaTypes.storage(pointer.dtype());
          if (pointer.dtype().isHalf()) {
            prelude().need(type);
          }
          // Of memory told to be apart the compiler moves loads across barriers, though other
          // threads have written there: only what nobody writes is told so.
          boolean isRead = !written.contains(place);
          String start = isRead ? "const " + type + "* __restrict__ " : type + "* ";
          parameters.add(start + pointer.name());
        });
    dims.forEach(symbol -> parameters.add("int " + identifiers.of("dim", symbol)));
    // Told that one block will do, the assembler does not spill for the sake of more.
    boolean isTold = least > 1 || sharedBytes >= MUCH_SHARED;
    String bounds = isTold ? block + ", " + least : "" + block;
    return "extern \"C\" __global__ void __launch_bounds__("
        + bounds
        + ") "
        + name
        + "("
        + String.join(", ", parameters)
        + ")";
  }
}
