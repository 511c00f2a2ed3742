package org.modelc.codegen.llvm.toolchain;

import static org.bytedeco.llvm.global.LLVM.*;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.llvm.LLVM.LLVMContextRef;
import org.bytedeco.llvm.LLVM.LLVMErrorRef;
import org.bytedeco.llvm.LLVM.LLVMMemoryBufferRef;
import org.bytedeco.llvm.LLVM.LLVMModuleRef;
import org.bytedeco.llvm.LLVM.LLVMPassBuilderOptionsRef;
import org.bytedeco.llvm.LLVM.LLVMTargetDataRef;
import org.bytedeco.llvm.LLVM.LLVMTargetMachineRef;
import org.bytedeco.llvm.LLVM.LLVMTargetRef;
import org.bytedeco.llvm.LLVM.LLVMValueRef;
import org.modelc.codegen.llvm.CodeUnit.Effort;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.TargetDescription;

/** A module in a context of its own, on its way from text to an object. */
final class LlvmModule implements AutoCloseable {
  private static final String EXPORTED = "Java_";

  static {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
    LLVMInitializeAArch64AsmParser();
  }

  private final String triple;
  private final LLVMTargetMachineRef machine;
  private final LLVMContextRef context;
  private final LLVMModuleRef module;

  LlvmModule(String text, TargetDescription target) {
    this(text, target.triple(), target.level().cpu(), features(target.level()));
  }

  LlvmModule(String text, String triple, String cpu, String features) {
    this.triple = triple;
    this.machine = machine(triple, cpu, features);
    this.context = LLVMContextCreate();
    this.module = parse(header() + text);
    try {
      hideSymbols();
      verify();
    } catch (LlvmException e) {
      close();
      throw e;
    }
  }

  /** The features of this machine's CPU that its system lets programs use: {@code +avx2}, … */
  static Set<String> hostFeatures() {
    BytePointer features = LLVMGetHostCPUFeatures();
    String text = features.getString();
    LLVMDisposeMessage(features);
    return Set.of(text.split(","));
  }

  private static LLVMTargetMachineRef machine(String triple, String cpu, String features) {
    LLVMTargetRef found = new LLVMTargetRef();
    PointerPointer<BytePointer> message = new PointerPointer<>(1);
    try (BytePointer name = new BytePointer(triple)) {
      if (LLVMGetTargetFromTriple(name, found, message) != 0) {
        throw new LlvmException("LLVM knows no target " + triple + ": " + take(message));
      }
    }
    return LLVMCreateTargetMachine(
        found,
        triple,
        cpu,
        features,
        LLVMCodeGenLevelAggressive,
        LLVMRelocPIC,
        LLVMCodeModelDefault);
  }

  private static String features(IsaLevel level) {
    return switch (level) {
      // LLVM keeps to 256 bits by default, for old CPUs that lower their clock.
      case X86_64_V4 -> "-prefer-256-bit";
      case X86_64_V4_VNNI -> "-prefer-256-bit,+avx512vnni";
      case X86_64_V4_AMX -> "-prefer-256-bit,+avx512vnni,+amx-tile,+amx-int8";
      case X86_64_V2, X86_64_V3, NEON -> "";
    };
  }

  /** In one line, so that messages' line numbers are the text's plus one. */
  private String header() {
    LLVMTargetDataRef data = LLVMCreateTargetDataLayout(machine);
    BytePointer layout = LLVMCopyStringRepOfTargetData(data);
    String text = layout.getString();
    LLVMDisposeMessage(layout);
    LLVMDisposeTargetData(data);
    return "target datalayout = \"" + text + "\" target triple = \"" + triple + "\"\n";
  }

  private LLVMModuleRef parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    PointerPointer<BytePointer> message = new PointerPointer<>(1);
    LLVMModuleRef parsed = new LLVMModuleRef();
    try (BytePointer start = new BytePointer(bytes);
        BytePointer name = new BytePointer("module")) {
      LLVMMemoryBufferRef buffer =
          LLVMCreateMemoryBufferWithMemoryRangeCopy(start, bytes.length, name);
      // The parser takes the buffer.
      if (LLVMParseIRInContext(context, buffer, parsed, message.position(0)) != 0) {
        String error = take(message);
        LLVMContextDispose(context);
        LLVMDisposeTargetMachine(machine);
        throw new LlvmException("LLVM cannot parse the module: " + withoutHeader(error));
      }
    }
    return parsed;
  }

  /** Counts lines as the text does: {@code module:7:3: error: …} becomes {@code line 6:3: …}. */
  private static String withoutHeader(String error) {
    String[] parts = error.split(":", 4);
    if (parts.length < 4 || !parts[1].matches("[0-9]+")) {
      return error;
    }
    return "line " + (Integer.parseInt(parts[1]) - 1) + ":" + parts[2] + ":" + parts[3];
  }

  private void hideSymbols() {
    boolean windows = triple.contains("windows");
    LLVMValueRef function = LLVMGetFirstFunction(module);
    for (; !isNull(function); function = LLVMGetNextFunction(function)) {
      boolean exported = name(function).startsWith(EXPORTED);
      if (exported && windows) {
        LLVMSetDLLStorageClass(function, LLVMDLLExportStorageClass);
      } else if (!exported) {
        hide(function);
      }
    }
    LLVMValueRef global = LLVMGetFirstGlobal(module);
    for (; !isNull(global); global = LLVMGetNextGlobal(global)) {
      hide(global);
    }
  }

  private static void hide(LLVMValueRef value) {
    boolean function = LLVMGetLinkage(value) == LLVMExternalLinkage;
    if (function && !name(value).startsWith("llvm.")) {
      LLVMSetVisibility(value, LLVMHiddenVisibility);
    }
  }

  private static String name(LLVMValueRef value) {
    try (SizeTPointer length = new SizeTPointer(1)) {
      BytePointer start = LLVMGetValueName2(value, length);
      return start.limit(length.get()).getString();
    }
  }

  private static boolean isNull(Pointer pointer) {
    return pointer == null || pointer.isNull();
  }

  private void verify() {
    PointerPointer<BytePointer> message = new PointerPointer<>(1);
    int broken = LLVMVerifyModule(module, LLVMReturnStatusAction, message);
    String text = take(message);
    if (broken != 0) {
      throw new LlvmException("LLVM's verifier refuses the module: " + text);
    }
  }

  /**
   * What LLVM runs. Its own list would go over code many times that is written as it shall run:
   * these passes leave the same loops in less than half of the time (decision 0200).
   */
  private static String passes(Effort effort) {
    return switch (effort) {
      case OFTEN ->
          "function(early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,"
              + "loop-mssa(loop-rotate,licm,simple-loop-unswitch<nontrivial;trivial>),simplifycfg,"
              + "loop(indvars,loop-deletion),gvn,loop-mssa(licm),loop-vectorize,"
              + "instcombine<no-verify-fixpoint>,loop-unroll,simplifycfg)";
      case ONCE -> "default<O1>";
    };
  }

  void optimise(Effort effort) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(module, passes(effort), machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!isNull(error)) {
      BytePointer message = LLVMGetErrorMessage(error);
      String text = message.getString();
      LLVMDisposeErrorMessage(message);
      throw new LlvmException("LLVM's optimiser failed: " + text);
    }
  }

  String text() {
    BytePointer text = LLVMPrintModuleToString(module);
    String result = text.getString();
    LLVMDisposeMessage(text);
    return result;
  }

  byte[] object() {
    separateFunctions();
    return emit(LLVMObjectFile);
  }

  /**
   * Gives each function a section of its own, where the format has such: the linker drops what is
   * not called, and keeps one of the microkernels that programs have in common.
   */
  private void separateFunctions() {
    if (!triple.contains("linux")) {
      return;
    }
    LLVMValueRef function = LLVMGetFirstFunction(module);
    for (; !isNull(function); function = LLVMGetNextFunction(function)) {
      if (LLVMIsDeclaration(function) == 0) {
        LLVMSetSection(function, ".text." + name(function));
      }
    }
  }

  String assembly() {
    return new String(emit(LLVMAssemblyFile), StandardCharsets.UTF_8);
  }

  private byte[] emit(int kind) {
    PointerPointer<BytePointer> message = new PointerPointer<>(1);
    LLVMMemoryBufferRef buffer = new LLVMMemoryBufferRef();
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, module, kind, message, buffer) != 0) {
      throw new LlvmException("LLVM cannot emit code for " + triple + ": " + take(message));
    }
    byte[] bytes = new byte[Math.toIntExact(LLVMGetBufferSize(buffer))];
    LLVMGetBufferStart(buffer).get(bytes);
    LLVMDisposeMemoryBuffer(buffer);
    return bytes;
  }

  static String take(PointerPointer<BytePointer> message) {
    BytePointer text = message.get(BytePointer.class);
    if (isNull(text)) {
      return "";
    }
    String result = text.getString().strip();
    LLVMDisposeMessage(text);
    return result;
  }

  @Override
  public void close() {
    LLVMDisposeModule(module);
    LLVMContextDispose(context);
    LLVMDisposeTargetMachine(machine);
  }
}
