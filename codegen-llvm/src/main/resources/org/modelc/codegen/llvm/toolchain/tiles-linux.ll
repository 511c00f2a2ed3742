; Whether the thread's process may use AMX's tiles: 1 or 0. Linux saves them only for processes that asked for it, since a
; tile register has 1 KB; it refuses where a thread's signal stack is too small, and systems before 5.16 do not know the question.
; Sources: Intel's manual, volume 2, CPUID; Linux, Documentation/arch/x86/xstate.rst.
define internal i32 @modelc_cpu_tiles(i32 %xcr0, i32 %d7) nounwind uwtable "no-builtins" {
entry:
  ; AMX_TILE 24, AMX_INT8 25
  %d7.tiles = and i32 %d7, 50331648
  %is.known = icmp eq i32 %d7.tiles, 50331648
  ; TILECFG 17, TILEDATA 18
  %state = and i32 %xcr0, 393216
  %is.saved = icmp eq i32 %state, 393216
  %is.there = and i1 %is.known, %is.saved
  br i1 %is.there, label %ask, label %none

none:
  ret i32 0

ask:
  ; arch_prctl(ARCH_REQ_XCOMP_PERM, TILEDATA)
  %refused = call i64 asm sideeffect "syscall", "={ax},{ax},{di},{si},~{cx},~{r11},~{memory},~{dirflag},~{fpsr},~{flags}"(i64 158, i64 4131, i64 18)
  %is.granted = icmp eq i64 %refused, 0
  %granted = zext i1 %is.granted to i32
  ret i32 %granted
}
