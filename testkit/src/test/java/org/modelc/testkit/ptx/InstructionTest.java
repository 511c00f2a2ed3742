package org.modelc.testkit.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/**
 * One instruction a test. Operands and results are register bits in hexadecimal; results were
 * worked out by hand from the ISA's semantics, roots and roundings with numpy.
 */
class InstructionTest {
  /** %r and %d are 32 and 64 bits wide, %h 16; %x3 is the result of each width. */
  private static final String TEXT =
      """
      .version 7.8
      .target sm_80
      .address_size 64
      .visible .entry one(.param .u64 one_param_0)
      {
        .reg .pred %p<4>;
        .reg .b16 %h<4>;
        .reg .b32 %r<6>;
        .reg .b64 %d<6>;
        ld.param.u64 %d4, [one_param_0];
        ld.global.b64 %d0, [%d4];
        ld.global.b64 %d1, [%d4+8];
        ld.global.b64 %d2, [%d4+16];
        cvt.u32.u64 %r0, %d0;
        cvt.u32.u64 %r1, %d1;
        cvt.u32.u64 %r2, %d2;
        cvt.u16.u64 %h0, %d0;
        cvt.u16.u64 %h1, %d1;
        mov.u32 %r3, 0;
        mov.b64 %d3, 0;
        INSTRUCTION
        cvt.u64.u32 %d5, %r3;
        or.b64 %d3, %d3, %d5;
        st.global.b64 [%d4], %d3;
        ret;
      }
      """;

  private static long result(String instruction, long a, long b, long c) {
    return result(instruction, a, b, c, 0);
  }

  private static long result(String instruction, long a, long b, long c, long seed) {
    PtxMachine machine = new PtxMachine(PtxModule.parse(TEXT.replace("INSTRUCTION", instruction)));
    int buffer = machine.buffer(Bytes.of(a, b, c));
    machine.launch(Launch.of("one", Extent.of(1), Extent.of(1), Argument.buffer(buffer)), seed);
    return Bytes.longs(machine.contents(buffer))[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "add.s32 %r3, %r0, %r1; ~ ffffffff ~ 2 ~ 0 ~ 1",
        "sub.s64 %d3, %d0, %d1; ~ 1 ~ 2 ~ 0 ~ ffffffffffffffff",
        "mul.lo.s32 %r3, %r0, %r1; ~ fffffffd ~ 5 ~ 0 ~ fffffff1",
        "mul.hi.u32 %r3, %r0, %r1; ~ ffffffff ~ ffffffff ~ 0 ~ fffffffe",
        "mul.hi.s32 %r3, %r0, %r1; ~ ffffffff ~ 2 ~ 0 ~ ffffffff",
        "mul.hi.u64 %d3, %d0, %d1; ~ ffffffffffffffff ~ ffffffffffffffff ~ 0 ~ fffffffffffffffe",
        "mul.wide.s32 %d3, %r0, %r1; ~ ffffffff ~ 7 ~ 0 ~ fffffffffffffff9",
        "mul.wide.u32 %d3, %r0, %r1; ~ ffffffff ~ 7 ~ 0 ~ 6fffffff9",
        "mad.lo.s32 %r3, %r0, %r1, %r2; ~ 3 ~ 4 ~ fffffff4 ~ 0",
        "mad.wide.s32 %d3, %r0, %r1, %d2; ~ ffffffff ~ 1 ~ 5 ~ 4",
        "div.s32 %r3, %r0, %r1; ~ fffffff9 ~ 2 ~ 0 ~ fffffffd",
        "rem.s32 %r3, %r0, %r1; ~ fffffff9 ~ 2 ~ 0 ~ ffffffff",
        "div.u32 %r3, %r0, %r1; ~ fffffff9 ~ 2 ~ 0 ~ 7ffffffc",
        "min.s32 %r3, %r0, %r1; ~ ffffffff ~ 1 ~ 0 ~ ffffffff",
        "min.u32 %r3, %r0, %r1; ~ ffffffff ~ 1 ~ 0 ~ 1",
        "max.u64 %d3, %d0, %d1; ~ ffffffffffffffff ~ 1 ~ 0 ~ ffffffffffffffff",
        "dp4a.s32.s32 %r3, %r0, %r1, %r2; ~ 01ff7f80 ~ 02030405 ~ a ~ ffffff85",
        "dp2a.hi.s32.u32 %r3, %r0, %r1, %r2; ~ fffe0003 ~ 05ff0000 ~ a ~ 2fd",
        "shl.b32 %r3, %r0, 31; ~ 3 ~ 0 ~ 0 ~ 80000000",
        "shl.b32 %r3, %r0, 32; ~ 3 ~ 0 ~ 0 ~ 0",
        "shr.s32 %r3, %r0, 40; ~ 80000000 ~ 0 ~ 0 ~ ffffffff",
        "shr.u32 %r3, %r0, 4; ~ 80000000 ~ 0 ~ 0 ~ 08000000",
        "shf.l.wrap.b32 %r3, %r0, %r1, %r2; ~ 80000001 ~ 12345678 ~ 4 ~ 23456788",
        "shf.r.clamp.b32 %r3, %r0, %r1, %r2; ~ 80000001 ~ 12345678 ~ 40 ~ 12345678",
        "lop3.b32 %r3, %r0, %r1, %r2, 0x96; ~ f0f0f0f0 ~ cccccccc ~ aaaaaaaa ~ 96969696",
        "lop3.b32 %r3, %r0, %r1, %r2, 0xf8; ~ 0f ~ 33 ~ 55 ~ 1f",
        "prmt.b32 %r3, %r0, %r1, 0x5410; ~ 11223344 ~ 55667788 ~ 0 ~ 77883344",
        "prmt.b32 %r3, %r0, %r1, 0x9876; ~ f1223384 ~ 55667788 ~ 0 ~ 00ff5566",
        "bfe.u32 %r3, %r0, 4, 8; ~ abcdef12 ~ 0 ~ 0 ~ f1",
        "bfe.s32 %r3, %r0, 4, 8; ~ abcdef12 ~ 0 ~ 0 ~ fffffff1",
        "bfi.b32 %r3, %r0, %r1, 8, 4; ~ 5a ~ ffffffff ~ 0 ~ fffffaff",
        "popc.b32 %r3, %r0; ~ f0f ~ 0 ~ 0 ~ 8",
        "clz.b32 %r3, %r0; ~ f ~ 0 ~ 0 ~ 1c",
        "brev.b32 %r3, %r0; ~ 1 ~ 0 ~ 0 ~ 80000000",
        "bfind.u32 %r3, %r0; ~ 0 ~ 0 ~ 0 ~ ffffffff",
        "abs.s32 %r3, %r0; ~ fffffffb ~ 0 ~ 0 ~ 5",
      })
  void integers(String instruction, String a, String b, String c, String expected) {
    check(instruction, a, b, c, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "add.rn.f32 %r3, %r0, %r1; ~ 3f800000 ~ 33800000 ~ 0 ~ 3f800000",
        "add.rp.f32 %r3, %r0, %r1; ~ 3f800000 ~ 33000000 ~ 0 ~ 3f800001",
        "add.rm.f32 %r3, %r0, %r1; ~ 3f800000 ~ b3000000 ~ 0 ~ 3f7fffff",
        "fma.rn.f32 %r3, %r0, %r1, %r2; ~ 3f800001 ~ 3f800001 ~ bf800002 ~ 28800000",
        "fma.rm.f32 %r3, %r0, %r1, %r2; ~ 3f800001 ~ 3f800001 ~ 0 ~ 3f800002",
        "fma.rp.f32 %r3, %r0, %r1, %r2; ~ 3f800001 ~ 3f800001 ~ 0 ~ 3f800003",
        "mul.ftz.f32 %r3, %r0, %r1; ~ 00800000 ~ 3f000000 ~ 0 ~ 0",
        "mul.f32 %r3, %r0, %r1; ~ 00800000 ~ 3f000000 ~ 0 ~ 00400000",
        "max.f32 %r3, %r0, %r1; ~ 7fc00000 ~ bf800000 ~ 0 ~ bf800000",
        "max.NaN.f32 %r3, %r0, %r1; ~ 7fc00000 ~ bf800000 ~ 0 ~ 7fc00000",
        "min.f32 %r3, %r0, %r1; ~ 0 ~ 80000000 ~ 0 ~ 80000000",
        "neg.f32 %r3, %r0; ~ 0 ~ 0 ~ 0 ~ 80000000",
        "abs.f32 %r3, %r0; ~ ff800000 ~ 0 ~ 0 ~ 7f800000",
        "div.rn.f32 %r3, %r0, %r1; ~ 3f800000 ~ 40400000 ~ 0 ~ 3eaaaaab",
        "sqrt.rn.f32 %r3, %r0; ~ 40000000 ~ 0 ~ 0 ~ 3fb504f3",
        "rcp.rn.f32 %r3, %r0; ~ 40400000 ~ 0 ~ 0 ~ 3eaaaaab",
        "ex2.approx.ftz.f32 %r3, %r0; ~ 40400000 ~ 0 ~ 0 ~ 41000000",
        "lg2.approx.f32 %r3, %r0; ~ 41000000 ~ 0 ~ 0 ~ 40400000",
        "copysign.f32 %r3, %r0, %r1; ~ 80000000 ~ 3f800000 ~ 0 ~ bf800000",
        "fma.rn.f64 %d3, %d0, %d1, %d2; ~ 4000000000000000 ~ 4008000000000000 ~ bff0000000000000 ~ "
            + "4014000000000000",
        "div.rn.f64 %d3, %d0, %d1; ~ 3ff0000000000000 ~ 4008000000000000 ~ 0 ~ 3fd5555555555555",
        "add.sat.f32 %r3, %r0, %r1; ~ 3f800000 ~ 3f800000 ~ 0 ~ 3f800000",
      })
  void floats(String instruction, String a, String b, String c, String expected) {
    check(instruction, a, b, c, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "cvt.s32.s8 %r3, %r0; ~ 1ff ~ 0 ~ 0 ~ ffffffff",
        "cvt.u32.u8 %r3, %r0; ~ 1ff ~ 0 ~ 0 ~ ff",
        "cvt.s64.s32 %d3, %r0; ~ 80000000 ~ 0 ~ 0 ~ ffffffff80000000",
        "cvt.sat.s8.s32 %r3, %r0; ~ 200 ~ 0 ~ 0 ~ 7f",
        "cvt.rn.f32.s32 %r3, %r0; ~ 1000003 ~ 0 ~ 0 ~ 4b800002",
        "cvt.rz.f32.u32 %r3, %r0; ~ ffffffff ~ 0 ~ 0 ~ 4f7fffff",
        "cvt.rn.f32.u64 %r3, %d0; ~ ffffffffffffffff ~ 0 ~ 0 ~ 5f800000",
        "cvt.rni.s32.f32 %r3, %r0; ~ 40200000 ~ 0 ~ 0 ~ 2",
        "cvt.rzi.s32.f32 %r3, %r0; ~ c0200000 ~ 0 ~ 0 ~ fffffffe",
        "cvt.rmi.s32.f32 %r3, %r0; ~ c0200000 ~ 0 ~ 0 ~ fffffffd",
        "cvt.rzi.s32.f32 %r3, %r0; ~ 7f800000 ~ 0 ~ 0 ~ 7fffffff",
        "cvt.rzi.s32.f32 %r3, %r0; ~ 7fc00000 ~ 0 ~ 0 ~ 0",
        "cvt.rzi.u32.f32 %r3, %r0; ~ bf800000 ~ 0 ~ 0 ~ 0",
        "cvt.rzi.u64.f64 %d3, %d0; ~ 43f0000000000000 ~ 0 ~ 0 ~ ffffffffffffffff",
        "cvt.rni.f32.f32 %r3, %r0; ~ 3fc00000 ~ 0 ~ 0 ~ 40000000",
        "cvt.rn.f32.f64 %r3, %d0; ~ 3fd5555555555555 ~ 0 ~ 0 ~ 3eaaaaab",
        "cvt.f64.f32 %d3, %r0; ~ 3f800000 ~ 0 ~ 0 ~ 3ff0000000000000",
        "cvt.sat.f32.f32 %r3, %r0; ~ 7fc00000 ~ 0 ~ 0 ~ 0",
        "cvt.rn.f16.f32 %h3, %r0; cvt.u32.u16 %r3, %h3; ~ 3f801000 ~ 0 ~ 0 ~ 3c00",
        "cvt.rn.f16.f32 %h3, %r0; cvt.u32.u16 %r3, %h3; ~ 3f803000 ~ 0 ~ 0 ~ 3c02",
        "cvt.rn.f16.f32 %h3, %r0; cvt.u32.u16 %r3, %h3; ~ 33800001 ~ 0 ~ 0 ~ 1",
        "cvt.rn.f16.f32 %h3, %r0; cvt.u32.u16 %r3, %h3; ~ 477ff000 ~ 0 ~ 0 ~ 7c00",
        "cvt.f32.f16 %r3, %h0; ~ 3555 ~ 0 ~ 0 ~ 3eaaa000",
        "cvt.rn.bf16x2.f32 %r3, %r0, %r1; ~ 3f808000 ~ 3f818000 ~ 0 ~ 3f803f82",
        "cvt.rna.tf32.f32 %r3, %r0; ~ 3f801000 ~ 0 ~ 0 ~ 3f802000",
        "mov.b64 %d3, {%r0, %r1}; ~ 1 ~ 2 ~ 0 ~ 200000001",
        "mov.b64 {%r3, %r4}, %d0; ~ 200000001 ~ 0 ~ 0 ~ 1",
        "setp.lt.s32 %p1, %r0, %r1; selp.b32 %r3, 7, 9, %p1; ~ ffffffff ~ 0 ~ 0 ~ 7",
        "setp.lt.u32 %p1, %r0, %r1; selp.b32 %r3, 7, 9, %p1; ~ ffffffff ~ 0 ~ 0 ~ 9",
        "setp.ltu.f32 %p1, %r0, %r1; selp.b32 %r3, 7, 9, %p1; ~ 7fc00000 ~ 0 ~ 0 ~ 7",
        "setp.neu.f32 %p1, %r0, %r1; selp.b32 %r3, 7, 9, %p1; ~ 7fc00000 ~ 0 ~ 0 ~ 7",
        "setp.ne.f32 %p1, %r0, %r1; selp.b32 %r3, 7, 9, %p1; ~ 7fc00000 ~ 0 ~ 0 ~ 9",
        "setp.eq.s32 %p1, 0, 0; setp.lt.and.s32 %p2|%p3, %r0, %r1, !%p1; selp.b32 %r3, 7, 9, %p3;"
            + " ~ 0 ~ 1 ~ 0 ~ 9",
      })
  void conversionsAndComparisons(
      String instruction, String a, String b, String c, String expected) {
    check(instruction, a, b, c, expected);
  }

  private static void check(String instruction, String a, String b, String c, String expected) {
    long result = result(instruction, bits(a), bits(b), bits(c));
    assertThat(Long.toHexString(result))
        .as(instruction)
        .isEqualTo(Long.toHexString(bits(expected)));
  }

  private static long bits(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal.strip(), 16);
  }

  @Test
  void whatIsNotKnownIsNamedWithItsLine() {
    assertThatThrownBy(() -> result("wgmma.fence.sync.aligned;", 0, 0, 0))
        .hasMessage(
            "line 21: wgmma.fence.sync.aligned is not an opcode that the interpreter knows");
    assertThatThrownBy(() -> result("add.cc.u32 %r3, %r0, %r1;", 0, 0, 0))
        .hasMessage("line 21: add.cc.u32 has the unknown word .cc");
  }

  @Test
  void aRegisterThatWasNotWrittenHoldsAnything() {
    long first = result("add.s32 %r3, %r5, 1;", 0, 0, 0, 1);
    assertThat(result("add.s32 %r3, %r5, 1;", 0, 0, 0, 1)).isEqualTo(first);
    assertThat(result("add.s32 %r3, %r5, 1;", 0, 0, 0, 2)).isNotEqualTo(first);
    assertThat(result("add.s32 %r3, %r5, 1;", 0, 0, 0, 2) >>> 32).isZero();
    assertThat(result("and.b32 %r3, %r5, 0;", 0, 0, 0, 1)).isZero();
  }
}
