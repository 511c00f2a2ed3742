package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.List;
import org.modelc.codegen.cuda.CudaText;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.diagnostic.SourceSpan;
import org.modelc.ir.kernel.Kernel;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.ProgramBuffers;

/** What the kernels of a program share: its text, its buffers, the functions they call. */
public final class ProgramWriter {
  private final KernelProgram program;
  private final String symbol;
  private final TargetDescription target;
  private final ProgramBuffers buffers;
  private final Prelude prelude = new Prelude();
  private final Identifiers names = new Identifiers();
  private final List<String> kernels = new ArrayList<>();

  /**
   * @param symbol what kernels' names begin with
   */
  ProgramWriter(KernelProgram program, String symbol, TargetDescription target) {
    this.program = program;
    this.symbol = symbol;
    this.target = target;
    this.buffers = new ProgramBuffers(program);
  }

  /** A new kernel function. */
  public KernelFunction function() {
    return new KernelFunction(this);
  }

  public ProgramBuffers buffers() {
    return buffers;
  }

  public TargetDescription target() {
    return target;
  }

  Prelude prelude() {
    return prelude;
  }

  boolean hasDim(String name) {
    return program.dims().contains(name);
  }

  String kernelName(String kernel) {
    return names.fresh(symbol + "_" + kernel);
  }

  void addKernel(List<String> comment, String head, String body) {
    StringBuilder text = new StringBuilder();
    comment.forEach(line -> text.append("// ").append(line).append('\n'));
    kernels.add(text + head + " {\n" + body.indent(2) + "}\n");
  }

  /** A kernel's origin and schedule, a line each. */
  static List<String> comment(Kernel kernel, List<String> schedule) {
    List<String> lines = new ArrayList<>();
    kernel.origin().stream().map(SourceSpan::toString).distinct().forEach(lines::add);
    lines.add(kernel.name() + ": " + String.join("; ", schedule));
    return lines;
  }

  /** The program's text. */
  CudaText text() {
    return prelude.with(kernels);
  }
}
