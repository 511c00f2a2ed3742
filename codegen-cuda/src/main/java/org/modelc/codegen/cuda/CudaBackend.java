package org.modelc.codegen.cuda;

import java.util.List;
import org.modelc.codegen.cuda.attention.AttentionTemplate;
import org.modelc.codegen.cuda.emit.ProgramEmission;
import org.modelc.codegen.cuda.emit.Template;
import org.modelc.codegen.cuda.gemm.ProductTemplate;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.op.CompositeOp;
import org.modelc.ir.type.TensorType;

/** Prints a kernel program as CUDA C++; the twin of the bytecode and native backends. */
public final class CudaBackend {
  private final List<Template> templates;

  /** With every template there is. */
  public CudaBackend() {
    this(List.of(new ProductTemplate(), new AttentionTemplate()));
  }

  /**
   * @param templates asked in order for each nest, before loops over its points
   */
  public CudaBackend(List<Template> templates) {
    this.templates = List.copyOf(templates);
  }

  /** Whether the backend computes a composite on such operands whole. */
  public static boolean claims(CompositeOp<?> op, Record attributes, List<TensorType> operands) {
    return AttentionTemplate.takes(op, attributes, operands);
  }

  /**
   * Emits a program's text and launches.
   *
   * @param program with or without a memory plan; without one each temporary has its own memory
   * @param symbol what the names of its kernels begin with
   */
  public EmittedCudaProgram emit(KernelProgram program, String symbol, TargetDescription target) {
    return ProgramEmission.of(program, symbol, target, templates);
  }
}
