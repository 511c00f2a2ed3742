; What the JVM calls: the native methods of a class that extends org.modelc.runtime.nativecode.NativeCode.

@modelc_pause = global ptr null
@modelc_level = internal global i32 0
; The programs' functions, all levels of one program after another.
@modelc_programs = internal constant [${COUNT} x ptr] [${FUNCTIONS}]

; int level(): the best level that this machine can run, from 1; 0 if it can run none.
define i32 @Java_${CLASS}_level(ptr %env, ptr %object) nounwind uwtable "no-builtins" {
  %level = call i32 @modelc_cpu_level()
  ret i32 %level
}

; void select(int level): which level runs from now on.
define void @Java_${CLASS}_select(ptr %env, ptr %object, i32 %level) nounwind uwtable "no-builtins" {
  %table = load ptr, ptr %env, align 8
  %class.at = getelementptr ptr, ptr %table, i64 31
  %class.function = load ptr, ptr %class.at, align 8
  %class = call ptr %class.function(ptr %env, ptr %object)
  %method.at = getelementptr ptr, ptr %table, i64 33
  %method.function = load ptr, ptr %method.at, align 8
  %method = call ptr %method.function(ptr %env, ptr %class, ptr @pause.name, ptr @pause.type)
  store ptr %method, ptr @modelc_pause, align 8
  %index = sub i32 %level, 1
  store i32 %index, ptr @modelc_level, align 4
  ret void
}

@pause.name = internal constant [6 x i8] c"pause\00"
@pause.type = internal constant [5 x i8] c"(I)V\00"

; long address(Buffer): where a direct buffer's memory begins.
define i64 @Java_${CLASS}_address(ptr %env, ptr %object, ptr %buffer) nounwind uwtable "no-builtins" {
  %table = load ptr, ptr %env, align 8
  %function.at = getelementptr ptr, ptr %table, i64 230
  %function = load ptr, ptr %function.at, align 8
  %address = call ptr %function(ptr %env, ptr %buffer)
  %number = ptrtoint ptr %address to i64
  ret i64 %number
}

; int run(int program, long frame, int worker, int workers): 0, or 1 if a worker of the team failed.
define i32 @Java_${CLASS}_run(ptr %env, ptr %object, i32 %program, i64 %frame.address, i32 %worker, i32 %workers) nounwind uwtable "no-builtins" {
  %frame = inttoptr i64 %frame.address to ptr
  %team = load ptr, ptr %frame, align 8
  %worker.wide = zext i32 %worker to i64
  %worker.line = mul i64 %worker.wide, 64
  %own.line = getelementptr i8, ptr %team, i64 %worker.line
  %object.at = getelementptr i8, ptr %own.line, i64 192
  store ptr %object, ptr %object.at, align 8
  %level = load i32, ptr @modelc_level, align 4
  %first = mul i32 %program, ${LEVELS}
  %index = add i32 %first, %level
  %index.wide = zext i32 %index to i64
  %function.at = getelementptr ptr, ptr @modelc_programs, i64 %index.wide
  %function = load ptr, ptr %function.at, align 8
  %result = call i32 %function(ptr %env, ptr %frame, i32 %worker, i32 %workers)
  ret i32 %result
}
