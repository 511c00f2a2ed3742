; No AMX: its system is not asked, or there is no code for it.
define internal i32 @modelc_cpu_tiles(i32 %xcr0, i32 %d7) nounwind uwtable "no-builtins" {
  ret i32 0
}
