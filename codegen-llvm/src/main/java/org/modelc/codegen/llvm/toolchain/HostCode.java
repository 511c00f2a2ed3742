package org.modelc.codegen.llvm.toolchain;

import static org.bytedeco.llvm.global.LLVM.*;

import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.llvm.LLVM.LLVMContextRef;
import org.bytedeco.llvm.LLVM.LLVMExecutionEngineRef;
import org.bytedeco.llvm.LLVM.LLVMGenericValueRef;
import org.bytedeco.llvm.LLVM.LLVMMemoryBufferRef;
import org.bytedeco.llvm.LLVM.LLVMModuleRef;
import org.modelc.codegen.llvm.NativePlatform;

/** Code that is compiled to be run here, once: what the system lets this process do. */
final class HostCode {
  private static final String LEVEL = "modelc_host_level";

  private HostCode() {}

  /** Asks as a library does: LLVM tells what the CPU has, not what the system grants. */
  static boolean mayUseTiles() {
    return Tiles.GRANTED;
  }

  /** Asked once, when first needed. */
  private static final class Tiles {
    static final boolean GRANTED = number() == NativePlatform.LINUX_X86_64.levels().size();

    private static long number() {
      String call =
          "define i32 @" + LEVEL + "() { %n = call i32 @modelc_cpu_level() ret i32 %n }\n";
      return run(NativeGlue.cpu(true) + call, LEVEL);
    }
  }

  /** What a function without parameters gives. */
  private static long run(String text, String function) {
    LLVMLinkInMCJIT();
    LLVMContextRef context = LLVMContextCreate();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    LLVMModuleRef module = new LLVMModuleRef();
    LLVMExecutionEngineRef engine = new LLVMExecutionEngineRef();
    PointerPointer<BytePointer> message = new PointerPointer<>(1);
    try (BytePointer start = new BytePointer(bytes);
        BytePointer name = new BytePointer("host")) {
      LLVMMemoryBufferRef buffer =
          LLVMCreateMemoryBufferWithMemoryRangeCopy(start, bytes.length, name);
      if (LLVMParseIRInContext(context, buffer, module, message.position(0)) != 0
          || LLVMCreateJITCompilerForModule(engine, module, 0, message.position(0)) != 0) {
        throw new LlvmException("LLVM cannot run code here: " + LlvmModule.take(message));
      }
      LLVMGenericValueRef result =
          LLVMRunFunction(
              engine,
              LLVMGetNamedFunction(module, function),
              0,
              new PointerPointer<LLVMGenericValueRef>());
      long number = LLVMGenericValueToInt(result, 0);
      LLVMDisposeGenericValue(result);
      LLVMDisposeExecutionEngine(engine);
      return number;
    } finally {
      LLVMContextDispose(context);
    }
  }
}
