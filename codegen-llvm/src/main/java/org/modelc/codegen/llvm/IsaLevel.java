package org.modelc.codegen.llvm;

/** Instruction sets that code is made for; the best one that the CPU has is chosen at load. */
public enum IsaLevel {
  /** SSE4.2: four lanes of f32, no fused multiply-add. */
  X86_64_V2("x86-64-v2", 4, 16, false),
  /** AVX2 and FMA: eight lanes. */
  X86_64_V3("x86-64-v3", 8, 16, true),
  /** AVX-512 F, BW, DQ and VL: sixteen lanes. */
  X86_64_V4("x86-64-v4", 16, 32, true),
  /** The same with VNNI, which not all of those CPUs have: four products of bytes a lane. */
  X86_64_V4_VNNI("x86-64-v4", 16, 32, true),
  /** That with AMX, which a process has to ask its system for: products of tiles of bytes. */
  X86_64_V4_AMX("x86-64-v4", 16, 32, true),
  /** AArch64 with NEON: four lanes. */
  NEON("generic", 4, 32, true);

  private final String cpu;
  private final int lanes;
  private final int registers;
  private final boolean fma;

  IsaLevel(String cpu, int lanes, int registers, boolean fma) {
    this.cpu = cpu;
    this.lanes = lanes;
    this.registers = registers;
    this.fma = fma;
  }

  /** The name that manifests and properties use, such as {@code x86-64-v3}. */
  public String text() {
    return switch (this) {
      case X86_64_V2, X86_64_V3, X86_64_V4 -> cpu;
      case X86_64_V4_VNNI -> cpu + "-vnni";
      case X86_64_V4_AMX -> cpu + "-amx";
      case NEON -> "neon";
    };
  }

  /** LLVM's name of the CPU that code is made for. */
  public String cpu() {
    return cpu;
  }

  /** Elements of f32 in a vector register. */
  public int lanes() {
    return lanes;
  }

  /** The number of vector registers. */
  public int registers() {
    return registers;
  }

  /** Whether four products of bytes are added to an i32 by one instruction. */
  public boolean hasDotProducts() {
    return this == X86_64_V4_VNNI || this == X86_64_V4_AMX;
  }

  /**
   * Whether products of pairs of bytes are added up by one instruction in vectors of AVX2's size.
   */
  public boolean hasBytePairs() {
    return this == X86_64_V3 || this == X86_64_V4 || hasDotProducts();
  }

  /** Whether an instruction multiplies tiles of bytes, sixteen rows of 64 each. */
  public boolean hasTiles() {
    return this == X86_64_V4_AMX;
  }

  /** Whether an instruction can take one element of memory for all lanes of an operand. */
  public boolean hasElementOperands() {
    return this == X86_64_V4 || hasDotProducts();
  }

  /** Whether instructions convert between f16 and f32: F16C, which AVX2's level has, or NEON. */
  public boolean hasHalfConversions() {
    return this != X86_64_V2;
  }

  /** Whether a fused multiply-add is one instruction. */
  public boolean hasFma() {
    return fma;
  }
}
