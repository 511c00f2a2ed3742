package org.modelc.codegen.cuda.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.modelc.ir.kernel.Expr;
import org.modelc.ir.kernel.ScalarExpansion;
import org.modelc.ir.kernel.ScalarOp;
import org.modelc.runtime.spec.DType;

/**
 * The functions that no instruction computes, as device functions: the text of the expansions that
 * all backends share, so that all compute the same bits. A program's text has each once.
 */
final class FunctionLibrary {
  private static final List<String> PARAMETERS = List.of("x", "y");

  private FunctionLibrary() {}

  /** Whether an application is of a function with an expansion. */
  static boolean has(Expr.Apply apply) {
    return apply.op().isFunction() && apply.dtype() != DType.BOOL;
  }

  /** A call of the function. */
  static String call(KernelFunction caller, Expr.Apply apply, List<String> operands) {
    DType dtype = apply.dtype() == DType.F64 ? DType.F64 : DType.F32;
    String name = apply.op().text() + "_" + dtype;
    return caller
        .prelude()
        .generated(
            name, () -> text(caller, name, apply.op(), dtype), operands.toArray(String[]::new));
  }

  private static String text(KernelFunction caller, String name, ScalarOp op, DType dtype) {
    KernelFunction function = caller.another();
    List<Expr> variables = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    String type = CudaTypes.value(dtype);
    for (String parameter : PARAMETERS.subList(0, op.arity())) {
      variables.add(new Expr.Var(parameter, dtype));
      parameters.add(type + " " + function.variable(parameter));
    }
    Expr expansion = ScalarExpansion.expandAll(new Expr.Apply(op, dtype, variables));
    String head =
        "static __device__ " + type + " " + name + "(" + String.join(", ", parameters) + ")";
    function.out().line("// " + op.text().toLowerCase(Locale.ROOT) + ", the shared expansion");
    function.out().open(head);
    String value = ExpressionWriter.value(function, expansion);
    function.out().line("return " + value + ";").close();
    return function.out().toString();
  }
}
