
; Found where the JVM itself finds them: in the C library, or beside an old one.
declare extern_weak ptr @dlopen(ptr, i32)
declare extern_weak ptr @dlsym(ptr, ptr)

; long open(long name): RTLD_NOW is 2.
define i64 @Java_org_modelc_runtime_cuda_DriverCalls_open(ptr %env, ptr %object, i64 %name) nounwind uwtable "no-builtins" {
  %there = icmp ne ptr @dlopen, null
  br i1 %there, label %open, label %missing
open:
  %text = inttoptr i64 %name to ptr
  %library = call ptr @dlopen(ptr %text, i32 2)
  %handle = ptrtoint ptr %library to i64
  ret i64 %handle
missing:
  ret i64 0
}

; long symbol(long library, long name)
define i64 @Java_org_modelc_runtime_cuda_DriverCalls_symbol(ptr %env, ptr %object, i64 %library, i64 %name) nounwind uwtable "no-builtins" {
  %handle = inttoptr i64 %library to ptr
  %text = inttoptr i64 %name to ptr
  %symbol = call ptr @dlsym(ptr %handle, ptr %text)
  %address = ptrtoint ptr %symbol to i64
  ret i64 %address
}
