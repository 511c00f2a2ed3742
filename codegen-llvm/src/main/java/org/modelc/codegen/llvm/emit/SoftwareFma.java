package org.modelc.codegen.llvm.emit;

/**
 * The fused multiply-add where the processor has none and LLVM would call a library.
 *
 * <p>f32: the product is exact in f64; the sum is rounded to odd there, so that rounding to f32
 * gives the same as rounding once (Boldo and Melquiond, "Emulation of FMA and correctly rounded
 * sums", 2008). f64: product and sum with their errors (Dekker; Knuth's two-sum), then one last
 * addition: nearly always the nearest number, at most one unit of the last place from it.
 */
final class SoftwareFma {
  private static final String SINGLE =
      """
      define internal T @NAME(T %a, T %b, T %c) noinline #0 {
        %ad = fpext T %a to D
        %bd = fpext T %b to D
        %cd = fpext T %c to D
        %p = fmul D %ad, %bd
        %s = fadd D %p, %cd
        %v = fsub D %s, %p
        %u = fsub D %s, %v
        %e1 = fsub D %p, %u
        %e2 = fsub D %cd, %v
        %e = fadd D %e1, %e2
        %bits = bitcast D %s to I
        %inexact = fcmp one D %e, zeroinitializer
        %low = and I %bits, ONE
        %even = icmp eq I %low, zeroinitializer
        %change = and B %inexact, %even
        %ebits = bitcast D %e to I
        %signs = xor I %ebits, %bits
        %inward = icmp slt I %signs, zeroinitializer
        %step = select B %inward, I MINUS, I ONE
        %moved = add I %bits, %step
        %odd = select B %change, I %moved, I %bits
        %so = bitcast I %odd to D
        %r = fptrunc D %so to T
        ret T %r
      }
      """;

  private static final String DOUBLE =
      """
      define internal T @NAME(T %a, T %b, T %c) noinline #0 {
        %p = fmul T %a, %b
        %plain = fadd T %p, %c
        %at = fmul T %a, SPLIT
        %a0 = fsub T %at, %a
        %ah = fsub T %at, %a0
        %al = fsub T %a, %ah
        %bt = fmul T %b, SPLIT
        %b0 = fsub T %bt, %b
        %bh = fsub T %bt, %b0
        %bl = fsub T %b, %bh
        %hh = fmul T %ah, %bh
        %hl = fmul T %ah, %bl
        %lh = fmul T %al, %bh
        %ll = fmul T %al, %bl
        %x1 = fsub T %hh, %p
        %x2 = fadd T %x1, %hl
        %x3 = fadd T %x2, %lh
        %pe = fadd T %x3, %ll
        %v = fsub T %plain, %p
        %u = fsub T %plain, %v
        %e1 = fsub T %p, %u
        %e2 = fsub T %c, %v
        %se = fadd T %e1, %e2
        %e = fadd T %pe, %se
        %exact = fadd T %plain, %e
        %size = call T @llvm.fabs.SUFFIX(T %exact)
        %finite = fcmp olt T %size, INFINITY
        %r = select B %finite, T %exact, T %plain
        ret T %r
      }
      """;

  private SoftwareFma() {}

  /** The function for a type, in the module. */
  static String function(ModuleWriter module, String type) {
    String suffix = LlvmTypes.suffix(type);
    return module.library("modelc.fma." + suffix, () -> text(module, type, suffix));
  }

  private static String text(ModuleWriter module, String type, String suffix) {
    Operand model = new Operand(type, "%a");
    boolean single = model.element().equals("float");
    if (!single) {
      module.declare("llvm.fabs." + suffix, type + " @llvm.fabs." + suffix + "(" + type + ")");
    }
    return (single ? SINGLE : DOUBLE)
        .replace("NAME", "modelc.fma." + suffix)
        .replace("SPLIT", constant(model, Operand.number("double", 134217729.0)))
        .replace("INFINITY", constant(model, Operand.number("double", Double.POSITIVE_INFINITY)))
        .replace("SUFFIX", suffix)
        .replace("MINUS", constant(model, Operand.i64(-1)))
        .replace("ONE", constant(model, Operand.i64(1)))
        .replaceAll("\\bT\\b", type)
        .replaceAll("\\bD\\b", LlvmTypes.like("double", model))
        .replaceAll("\\bI\\b", LlvmTypes.like("i64", model))
        .replaceAll("\\bB\\b", LlvmTypes.like("i1", model));
  }

  private static String constant(Operand model, Operand value) {
    return model.isVector() ? value.splatConstant(model.lanes()).text() : value.text();
  }
}
