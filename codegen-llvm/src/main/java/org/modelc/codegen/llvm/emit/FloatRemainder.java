package org.modelc.codegen.llvm.emit;

/**
 * The exact remainder of floating division, of the dividend's sign, without a library: multiples of
 * the divisor by powers of two are taken off, each difference exact. f32 is computed in f64.
 */
final class FloatRemainder {
  private static final String WIDE_NAME = "modelc.remainder.f64";

  private static final String STEPS =
      """
      define internal double @modelc.remainder.steps(double %a, double %b) #0 {
      entry:
        br label %loop
      loop:
        %r = phi double [ %a, %entry ], [ %next, %body ]
        %more = fcmp oge double %r, %b
        br i1 %more, label %body, label %done
      body:
        %rbits = bitcast double %r to i64
        %bbits = bitcast double %b to i64
        %power = and i64 %rbits, 9218868437227405312
        %digits = and i64 %bbits, 4503599627370495
        %tbits = or i64 %power, %digits
        %t = bitcast i64 %tbits to double
        %over = fcmp ogt double %t, %r
        %hbits = sub i64 %tbits, 4503599627370496
        %h = bitcast i64 %hbits to double
        %part = select i1 %over, double %h, double %t
        %next = fsub double %r, %part
        br label %loop
      done:
        ret double %r
      }
      """;

  private static final String WIDE =
      """
      define internal double @modelc.remainder.f64(double %x, double %y) #0 {
      entry:
        %a = call double @llvm.fabs.f64(double %x)
        %b = call double @llvm.fabs.f64(double %y)
        %finite = fcmp olt double %a, 0x7FF0000000000000
        %positive = fcmp ogt double %b, 0x0000000000000000
        %defined = and i1 %finite, %positive
        br i1 %defined, label %compute, label %special
      special:
        %product = fmul double %x, %y
        %nan = fsub double %product, %product
        %result = fdiv double %nan, %nan
        ret double %result
      compute:
        %tiny = fcmp olt double %b, 0x0010000000000000
        br i1 %tiny, label %scaled, label %plain
      plain:
        %r = call double @modelc.remainder.steps(double %a, double %b)
        br label %sign
      scaled:
        %larger = fmul double %b, 0x4340000000000000
        %first = call double @modelc.remainder.steps(double %a, double %larger)
        %up = fmul double %first, 0x4340000000000000
        %second = call double @modelc.remainder.steps(double %up, double %larger)
        %down = fmul double %second, 0x3CA0000000000000
        br label %sign
      sign:
        %size = phi double [ %r, %plain ], [ %down, %scaled ]
        %signed = call double @llvm.copysign.f64(double %size, double %x)
        ret double %signed
      }
      """;

  private static final String NARROW =
      """
      define internal float @modelc.remainder.f32(float %x, float %y) #0 {
        %xd = fpext float %x to double
        %yd = fpext float %y to double
        %r = call double @modelc.remainder.f64(double %xd, double %yd)
        %result = fptrunc double %r to float
        ret float %result
      }
      """;

  private FloatRemainder() {}

  /** The function for a scalar type, in the module. */
  static String function(ModuleWriter module, String type) {
    module.declare("llvm.fabs.f64", "double @llvm.fabs.f64(double)");
    module.declare("llvm.copysign.f64", "double @llvm.copysign.f64(double, double)");
    module.library("modelc.remainder.steps", () -> STEPS);
    module.library(WIDE_NAME, () -> WIDE);
    return type.equals("double") ? WIDE_NAME : module.library("modelc.remainder.f32", () -> NARROW);
  }
}
