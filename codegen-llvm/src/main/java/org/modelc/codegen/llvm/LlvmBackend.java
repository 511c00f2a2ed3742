package org.modelc.codegen.llvm;

import java.util.List;
import org.modelc.codegen.llvm.attention.AttentionTemplate;
import org.modelc.codegen.llvm.emit.ProgramEmission;
import org.modelc.codegen.llvm.emit.Template;
import org.modelc.codegen.llvm.gemm.ContractionTemplate;
import org.modelc.codegen.llvm.gemm.DepthwiseTemplate;
import org.modelc.codegen.llvm.gemm.InnerProductTemplate;
import org.modelc.codegen.llvm.gemm.IntegerTemplate;
import org.modelc.codegen.llvm.gemm.IntegerWindowTemplate;
import org.modelc.codegen.llvm.gemm.WindowTemplate;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.codegen.llvm.sparse.SparseTemplate;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.type.TensorType;

/** Prints a kernel program as LLVM IR; the twin of the bytecode backend. */
public final class LlvmBackend {
  private final List<Template> templates;
  private final boolean isTimed;

  /** With every template there is. */
  public LlvmBackend() {
    this(ProductSchedules.NONE);
  }

  /**
   * With every template there is.
   *
   * @param schedules of products, used before the cost model's
   */
  public LlvmBackend(ProductSchedules schedules) {
    this(
        List.of(
            new DepthwiseTemplate(),
            new WindowTemplate(),
            new InnerProductTemplate(),
            new IntegerWindowTemplate(),
            new IntegerTemplate(),
            new ContractionTemplate(schedules),
            new AttentionTemplate(),
            new SparseTemplate()));
  }

  /**
   * @param templates asked in order for each nest, before loops over its points
   */
  public LlvmBackend(List<Template> templates) {
    this(templates, false);
  }

  private LlvmBackend(List<Template> templates, boolean isTimed) {
    this.templates = List.copyOf(templates);
    this.isTimed = isTimed;
  }

  /**
   * The backend whose programs tell the time that each phase takes, in an output of theirs: {@link
   * org.modelc.codegen.llvm.emit.PhaseClock}.
   */
  public LlvmBackend timed() {
    return new LlvmBackend(templates, true);
  }

  /** Whether the backend computes a composite on such operands whole. */
  public static boolean claims(CompositeOp<?> op, List<TensorType> operands) {
    return AttentionTemplate.takes(op, operands) || SparseTemplate.takes(op, operands);
  }

  /**
   * Whether a level is worth code of its own: dot products of bytes are of use to those who
   * multiply bytes alone, tiles to matrix products of bytes with bytes.
   */
  public static boolean gains(IsaLevel level, List<KernelProgram> programs) {
    if (!level.hasDotProducts()) {
      return true;
    }
    return programs.stream()
        .anyMatch(level.hasTiles() ? IntegerTemplate::takesBytes : IntegerTemplate::takesAny);
  }

  /**
   * Emits the module of a program for one instruction set.
   *
   * <p>Its entry is {@code i32 @symbol(ptr env, ptr frame, i32 worker, i32 workers)}; the frame's
   * words are the addresses of the team's block, of the dims (i64 each), of the table of buffer
   * addresses (in the order of the ABI) and of the table of the workers' scratch memory. It gives
   * 0, or 1 if the team was poisoned. Buffers are aligned to 64 bytes.
   *
   * @param program with or without a memory plan; without one each temporary has its own memory
   */
  public EmittedNativeProgram emit(KernelProgram program, String symbol, TargetDescription target) {
    return isTimed
        ? ProgramEmission.timed(program, symbol, target, templates)
        : ProgramEmission.of(program, symbol, target, templates);
  }
}
