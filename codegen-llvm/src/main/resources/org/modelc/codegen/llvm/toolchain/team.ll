; How the workers of a call meet. A team's block, all of it zero at first:
;   byte 0: workers that have arrived; byte 64: the barrier's generation; byte 128: not 0 if a worker failed;
;   byte 192 + 64 * worker: that worker's reference to the Java object that it was called on.


; 0 once all workers have come here, 1 if one failed.
define i32 @modelc_barrier(ptr %env, ptr %team, i32 %worker, i32 %workers) nounwind uwtable "no-builtins" {
entry:
  %argument = alloca i64, align 8
  %alone = icmp eq i32 %workers, 1
  br i1 %alone, label %passed, label %arrive

arrive:
  %generation.at = getelementptr i8, ptr %team, i64 64
  %failure.at = getelementptr i8, ptr %team, i64 128
  %now = load atomic i32, ptr %generation.at monotonic, align 64
  %before = atomicrmw add ptr %team, i32 1 acq_rel, align 64
  %after = add i32 %before, 1
  %last = icmp eq i32 %after, %workers
  br i1 %last, label %release, label %wait

release:
  store atomic i32 0, ptr %team monotonic, align 64
  %next = add i32 %now, 1
  store atomic i32 %next, ptr %generation.at release, align 64
  ret i32 0

wait:
  %turn = phi i32 [ 0, %arrive ], [ %turn, %pause ], [ %next.turn, %slept ]
  %spins = phi i32 [ 0, %arrive ], [ %more.spins, %pause ], [ 0, %slept ]
  %seen = load atomic i32, ptr %generation.at acquire, align 64
  %same = icmp eq i32 %seen, %now
  br i1 %same, label %check, label %passed

check:
  %failure = load atomic i32, ptr %failure.at monotonic, align 64
  %sound = icmp eq i32 %failure, 0
  br i1 %sound, label %pause, label %failed

pause:
  call void asm sideeffect "${PAUSE}", "~{memory}"()
  %more.spins = add i32 %spins, 1
  ; 200 pauses take 3 to 15 microseconds, as long as waking a thread.
  %patient = icmp ult i32 %more.spins, 200
  br i1 %patient, label %wait, label %sleep

sleep:
  %worker.wide = zext i32 %worker to i64
  %worker.line = mul i64 %worker.wide, 64
  %own.line = getelementptr i8, ptr %team, i64 %worker.line
  %object.at = getelementptr i8, ptr %own.line, i64 192
  %object = load ptr, ptr %object.at, align 8
  %method = load ptr, ptr @modelc_pause, align 8
  %turn.wide = zext i32 %turn to i64
  store i64 %turn.wide, ptr %argument, align 8
  %table = load ptr, ptr %env, align 8
  ; CallVoidMethodA
  %call.at = getelementptr ptr, ptr %table, i64 63
  %call = load ptr, ptr %call.at, align 8
  call void %call(ptr %env, ptr %object, ptr %method, ptr %argument)
  ; ExceptionCheck
  %thrown.at = getelementptr ptr, ptr %table, i64 228
  %thrown.function = load ptr, ptr %thrown.at, align 8
  %thrown = call i8 %thrown.function(ptr %env)
  %calm = icmp eq i8 %thrown, 0
  br i1 %calm, label %slept, label %poison

slept:
  %next.turn = add i32 %turn, 1
  br label %wait

poison:
  store atomic i32 1, ptr %failure.at monotonic, align 64
  br label %failed

failed:
  ret i32 1

passed:
  ret i32 0
}
