package org.modelc.codegen.llvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.modelc.codegen.llvm.TargetDescription;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.kernel.Buffer;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.Dim;

/** What the schedules of a program's kernels share: the module, the buffers, the entry. */
public final class ProgramWriter {
  private static final String BARRIER = "modelc_barrier";
  private static final Operand ENVIRONMENT = new Operand("ptr", "%env");
  private static final Operand WORKER = new Operand("i32", "%worker");
  private static final Operand WORKERS = new Operand("i32", "%workers");

  private final KernelProgram program;
  private final ModuleWriter module;
  private final BufferPlan buffers;
  private final ZeroMargins margins;

  /** What views lie in. Names here and below, since kernels see one buffer in several shapes. */
  private final Map<String, String> storages = new HashMap<>();

  private final Set<String> temporaries = new HashSet<>();

  /** By kernel, the buffers that it reads or writes; and the kernels that do, by buffer. */
  private final Map<String, Set<String>> touched = new HashMap<>();

  private final Map<String, Set<String>> touching = new HashMap<>();
  private Dim scratchBytes = Dim.ZERO;

  public ProgramWriter(KernelProgram program, TargetDescription target) {
    this.program = program;
    this.module = new ModuleWriter(target);
    this.buffers = new BufferPlan(program);
    this.margins = new ZeroMargins(program);
    program.temporaries().forEach(buffer -> temporaries.add(buffer.name()));
    program.aliases().forEach((view, whole) -> storages.put(view.name(), whole.name()));
    program.kernels().forEach(this::note);
  }

  /** A new function of the module. */
  public KernelFunction function() {
    return new KernelFunction(module, buffers);
  }

  public BufferPlan buffers() {
    return buffers;
  }

  /** Which elements are zero because a picture was padded. */
  public ZeroMargins margins() {
    return margins;
  }

  public TargetDescription target() {
    return module.target();
  }

  ModuleWriter module() {
    return module;
  }

  Dim scratchBytes() {
    return scratchBytes;
  }

  /**
   * Whether some kernels touch one buffer of a place, a temporary that no other kernel of the
   * program touches: what it holds is theirs alone.
   *
   * @param names of those kernels
   */
  boolean isOwnedBy(Set<String> names, int place) {
    String one = null;
    for (String name : names) {
      for (String buffer : touched.get(name)) {
        if (buffers.placeOf(buffer) == place && !buffer.equals(one)) {
          if (one != null) {
            return false;
          }
          one = buffer;
        }
      }
    }
    return one != null && temporaries.contains(one) && names.containsAll(touching.get(one));
  }

  private void note(Kernel kernel) {
    Set<String> own = new LinkedHashSet<>();
    kernel.reads().forEach(buffer -> own.add(storage(buffer)));
    kernel.writes().forEach(buffer -> own.add(storage(buffer)));
    touched.put(kernel.name(), own);
    own.forEach(
        buffer -> touching.computeIfAbsent(buffer, key -> new HashSet<>()).add(kernel.name()));
  }

  private String storage(Buffer buffer) {
    return storages.getOrDefault(buffer.name(), buffer.name());
  }

  /** The places of buffers. */
  public Set<Integer> places(Iterable<Buffer> some) {
    Set<Integer> places = new TreeSet<>();
    some.forEach(buffer -> places.add(buffers.placeOf(buffer)));
    return places;
  }

  /**
   * A nest that one function computes, which the workers share.
   *
   * @param schedule how, for the reader
   */
  public Phase phase(LoopNest nest, KernelFunction function, List<String> schedule) {
    List<String> comment = comment(nest, schedule);
    return new Phase(
        function.finish(nest.name(), comment),
        comment,
        true,
        places(nest.reads()),
        places(nest.writes()));
  }

  /** A nest as loops over its points, which the workers share. */
  public Phase loops(LoopNest nest) {
    return TaskGrid.phase(NestWriter.write(nest, this), this);
  }

  /** A kernel's origin and schedule, a line each. */
  public static List<String> comment(Kernel kernel, List<String> schedule) {
    List<String> lines = new ArrayList<>();
    kernel.origin().stream().map(SourceSpan::toString).distinct().forEach(lines::add);
    lines.add(kernel.name() + ": " + String.join("; ", schedule));
    return lines;
  }

  /**
   * The program's entry: addresses, dims, and the phases with barriers between dependent ones.
   *
   * @param clock tells when phases begin and end; null if nobody asks
   */
  void writeEntry(String symbol, List<Phase> phases, PhaseClock clock) {
    FunctionWriter writer = new FunctionWriter(module);
    Operand frame = new Operand("ptr", "%frame");
    Operand team = word(writer, frame, 0);
    Operand dimTable = word(writer, frame, 1);
    List<Operand> symbols = new ArrayList<>();
    for (int i = 0; i < program.dims().size(); i++) {
      symbols.add(writer.load("i64", writer.address("i64", dimTable, Operand.i64(i))));
    }
    DimWriter dims = new DimWriter(writer, name -> symbols.get(program.dims().indexOf(name)));
    List<Supplier<Operand>> addresses = buffers.addresses(writer, word(writer, frame, 2), dims);
    Operand worker = writer.convert("sext", WORKER, "i64");
    Operand workers = writer.convert("sext", WORKERS, "i64");
    Operand scratch = writer.load("ptr", writer.address("i64", word(writer, frame, 3), worker));
    Operand isFirst = writer.compare("icmp eq", WORKER, Operand.i32(0));
    PhaseClock.Times times =
        clock == null ? PhaseClock.NONE : clock.times(writer, addresses, buffers, worker);
    List<Phase> since = new ArrayList<>();
    for (Phase phase : phases) {
      if (since.stream().anyMatch(phase::mustWaitFor)) {
        barrier(writer, team);
        since.clear();
      }
      since.add(phase);
      times.mark(phase, false);
      KernelFunction.Callable callable = phase.callable();
      scratchBytes = KernelFunction.larger(scratchBytes, callable.scratchBytes());
      List<Operand> arguments = new ArrayList<>();
      callable.places().forEach(place -> arguments.add(addresses.get(place).get()));
      callable.dims().forEach(name -> arguments.add(dims.value(Dim.symbol(name))));
      arguments.add(worker);
      arguments.add(workers);
      arguments.add(scratch);
      Runnable call =
          () -> writer.call("void", callable.function(), arguments.toArray(Operand[]::new));
      if (phase.shared()) {
        call.run();
      } else {
        writer.when(isFirst, call);
      }
      times.mark(phase, true);
    }
    writer.line("ret i32 0");
    module.addEntry(
        symbol,
        "define i32 @"
            + symbol
            + "(ptr %env, ptr %frame, i32 %worker, i32 %workers) #0 {\n"
            + writer.text(new FunctionWriter(module))
            + "}\n");
  }

  /** A word of the frame, which holds an address. */
  private static Operand word(FunctionWriter writer, Operand frame, int number) {
    return writer.load("ptr", writer.address("i64", frame, Operand.i64(number)));
  }

  private void barrier(FunctionWriter writer, Operand team) {
    module.declare(BARRIER, "i32 @" + BARRIER + "(ptr, ptr, i32, i32)");
    Operand failed = writer.call("i32", BARRIER, ENVIRONMENT, team, WORKER, WORKERS);
    writer.returnIf(writer.compare("icmp ne", failed, Operand.i32(0)), Operand.i32(1));
  }
}
