; The best instruction set that CPU and system offer: 0 none of ours, 1 x86-64-v2, 2 x86-64-v3, 3 x86-64-v4, 4 that with VNNI,
; 5 that with AMX.
; Bits as in the x86-64 psABI, section 3.1.1, and Intel's manual, volume 2, CPUID.
define internal i32 @modelc_cpu_level() nounwind uwtable "no-builtins" {
entry:
  %leaf0 = call { i32, i32, i32, i32 } asm sideeffect "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"(i32 0, i32 0)
  %last = extractvalue { i32, i32, i32, i32 } %leaf0, 0
  %leaf1 = call { i32, i32, i32, i32 } asm sideeffect "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"(i32 1, i32 0)
  %c1 = extractvalue { i32, i32, i32, i32 } %leaf1, 2
  ; SSE3 0, SSSE3 9, CMPXCHG16B 13, SSE4.1 19, SSE4.2 20, POPCNT 23
  %c1.v2 = and i32 %c1, 9970177
  %is.v2 = icmp eq i32 %c1.v2, 9970177
  br i1 %is.v2, label %v2, label %none

none:
  ret i32 0

v2:
  %has7 = icmp uge i32 %last, 7
  ; FMA 12, MOVBE 22, OSXSAVE 27, AVX 28, F16C 29
  %c1.v3 = and i32 %c1, 943722496
  %is.avx = icmp eq i32 %c1.v3, 943722496
  %maybe.v3 = and i1 %has7, %is.avx
  br i1 %maybe.v3, label %system, label %only.v2

only.v2:
  ret i32 1

system:
  ; Whether the system saves the wide registers.
  %enabled = call { i32, i32 } asm sideeffect "xgetbv", "={ax},={dx},{cx},~{dirflag},~{fpsr},~{flags}"(i32 0)
  %xcr0 = extractvalue { i32, i32 } %enabled, 0
  %ymm = and i32 %xcr0, 6
  %saves.ymm = icmp eq i32 %ymm, 6
  %leaf7 = call { i32, i32, i32, i32 } asm sideeffect "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"(i32 7, i32 0)
  %b7 = extractvalue { i32, i32, i32, i32 } %leaf7, 1
  ; BMI1 3, AVX2 5, BMI2 8
  %b7.v3 = and i32 %b7, 296
  %is.avx2 = icmp eq i32 %b7.v3, 296
  %extended = call { i32, i32, i32, i32 } asm sideeffect "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"(i32 2147483649, i32 0)
  %ce = extractvalue { i32, i32, i32, i32 } %extended, 2
  ; LZCNT 5
  %ce.v3 = and i32 %ce, 32
  %is.lzcnt = icmp ne i32 %ce.v3, 0
  %v3.a = and i1 %saves.ymm, %is.avx2
  %is.v3 = and i1 %v3.a, %is.lzcnt
  br i1 %is.v3, label %v3, label %only.v2

v3:
  %zmm = and i32 %xcr0, 230
  %saves.zmm = icmp eq i32 %zmm, 230
  ; AVX512 F 16, DQ 17, CD 28, BW 30, VL 31
  %b7.v4 = and i32 %b7, 3489857536
  %is.avx512 = icmp eq i32 %b7.v4, 3489857536
  %is.v4 = and i1 %saves.zmm, %is.avx512
  br i1 %is.v4, label %v4, label %only.v3

only.v3:
  ret i32 2

v4:
  %c7 = extractvalue { i32, i32, i32, i32 } %leaf7, 2
  ; AVX512_VNNI 11
  %c7.vnni = and i32 %c7, 2048
  %is.vnni = icmp ne i32 %c7.vnni, 0
  br i1 %is.vnni, label %vnni, label %only.v4

only.v4:
  ret i32 3

vnni:
  %d7 = extractvalue { i32, i32, i32, i32 } %leaf7, 3
  %tiles = call i32 @modelc_cpu_tiles(i32 %xcr0, i32 %d7)
  %level = add i32 %tiles, 4
  ret i32 %level
}

