; The native methods of org.modelc.runtime.cuda.DriverCalls.

; long address(Buffer): where a direct buffer's memory begins (GetDirectBufferAddress).
define i64 @Java_org_modelc_runtime_cuda_DriverCalls_address(ptr %env, ptr %object, ptr %buffer) nounwind uwtable "no-builtins" {
  %table = load ptr, ptr %env, align 8
  %function.at = getelementptr ptr, ptr %table, i64 230
  %function = load ptr, ptr %function.at, align 8
  %address = call ptr %function(ptr %env, ptr %buffer)
  %number = ptrtoint ptr %address to i64
  ret i64 %number
}

; ByteBuffer memory(long address, long bytes): NewDirectByteBuffer.
define ptr @Java_org_modelc_runtime_cuda_DriverCalls_memory(ptr %env, ptr %object, i64 %address, i64 %bytes) nounwind uwtable "no-builtins" {
  %table = load ptr, ptr %env, align 8
  %function.at = getelementptr ptr, ptr %table, i64 229
  %function = load ptr, ptr %function.at, align 8
  %memory = inttoptr i64 %address to ptr
  %buffer = call ptr %function(ptr %env, ptr %memory, i64 %bytes)
  ret ptr %buffer
}

; long call(long function, long… arguments): arguments beyond a function's own lie where it does not look.
define i64 @Java_org_modelc_runtime_cuda_DriverCalls_call(ptr %env, ptr %object, i64 %address, i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f, i64 %g, i64 %h, i64 %i, i64 %j, i64 %k) nounwind uwtable "no-builtins" {
  %function = inttoptr i64 %address to ptr
  %result = call i64 %function(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %f, i64 %g, i64 %h, i64 %i, i64 %j, i64 %k)
  ret i64 %result
}
