package org.modelc.testkit.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/** What kernels must not do, and what it looks like when they do it right. */
class DetectionTest {
  /** Thread t has t in %r1, its number in the grid in %r2, and the buffer's address in %d1. */
  private static final String TEXT =
      """
      .version 7.8
      .target sm_80
      .address_size 64
      .visible .entry f(.param .u64 f_param_0)
      .maxntid 128, 1, 1
      {
        .reg .pred %p<8>;
        .reg .b32 %r<32>;
        .reg .b64 %d<16>;
        .shared .align 16 .b8 tile[512];
        .shared .align 16 .b8 other[128];
        ld.param.u64 %d1, [f_param_0];
        mov.u32 %r1, %tid.x;
        mov.u32 %r3, %ctaid.x;
        mov.u32 %r4, %ntid.x;
        mad.lo.s32 %r2, %r3, %r4, %r1;
        mul.wide.u32 %d2, %r2, 4;
        add.s64 %d3, %d1, %d2;
        shl.b32 %r5, %r1, 2;
        mov.u32 %r6, tile;
        add.s32 %r7, %r6, %r5;
      BODY
        ret;
      }
      """;

  private static int[] run(String body, int blocks, int threads) {
    int[] result = null;
    for (long seed = 0; seed < 4; seed++) {
      PtxMachine machine = new PtxMachine(PtxModule.parse(TEXT.replace("BODY", body)));
      int buffer = machine.uninitialised(4 * blocks * threads);
      machine.launch(
          Launch.of("f", Extent.of(blocks), Extent.of(threads), Argument.buffer(buffer)), seed);
      result = Bytes.ints(machine.contents(buffer));
    }
    return result;
  }

  private static void fails(String body, int blocks, int threads, String... messages) {
    for (long seed : new long[] {0, 1, 2, 3}) {
      PtxMachine machine = new PtxMachine(PtxModule.parse(TEXT.replace("BODY", body)));
      int buffer = machine.uninitialised(4 * blocks * threads);
      Launch launch =
          Launch.of("f", Extent.of(blocks), Extent.of(threads), Argument.buffer(buffer));
      assertThatThrownBy(() -> machine.launch(launch, seed))
          .as("seed %d", seed)
          .isInstanceOf(PtxFailure.class)
          .satisfies(
              failure ->
                  assertThat(List.of(messages))
                      .allSatisfy(message -> assertThat(failure).hasMessageContaining(message)));
    }
  }

  private static final String EXCHANGE =
      """
        st.shared.u32 [%r7], %r1;
        bar.sync 0;
        xor.b32 %r8, %r5, 4;
        add.s32 %r9, %r6, %r8;
        ld.shared.u32 %r10, [%r9];
        st.global.u32 [%d3], %r10;
      """;

  @Test
  void aBarrierOrdersNeighbours() {
    assertThat(run(EXCHANGE, 2, 64)).startsWith(1, 0, 3, 2).endsWith(61, 60, 63, 62);
  }

  @Test
  void withoutTheBarrierItIsARace() {
    fails(
        EXCHANGE.replace("bar.sync 0;", ""),
        1,
        64,
        "race: ",
        "of shared memory",
        "block (0, 0, 0)");
  }

  @Test
  void aWarpBarrierOrdersLanesOfAWarpOnly() {
    String warp = EXCHANGE.replace("bar.sync 0;", "bar.warp.sync -1;");
    assertThat(run(warp, 1, 64)).startsWith(1, 0);
    String filled = "  st.shared.u32 [%r7], 7;\n  bar.sync 0;\n" + warp;
    fails(filled.replace("%r5, 4;", "%r5, 128;"), 1, 64, "race: ");
  }

  @Test
  void aSecondRoundNeedsABarrierAfterTheFirst() {
    String rounds = EXCHANGE + "  bar.sync 0;\n  st.shared.u32 [%r7], %r2;\n";
    assertThat(run(rounds, 1, 64)).startsWith(1, 0);
    fails(EXCHANGE + "  st.shared.u32 [%r7], %r2;\n", 1, 64, "race: writes");
  }

  @Test
  void blocksMayNotShareBytes() {
    fails(
        "  and.b32 %r8, %r2, 63;\n  mul.wide.u32 %d4, %r8, 4;\n  add.s64 %d4, %d1, %d4;\n"
            + "  st.global.u32 [%d4], %r2;\n",
        2, 64, "race: writes byte", "of buffer 0");
  }

  @Test
  void boundsAndAlignment() {
    fails(
        "  st.global.u32 [%d3+4], %r1;\n",
        1, 32, "out of bounds: writes 4 bytes at byte 128", "128");
    fails("  st.global.u32 [%d3+-4], %r1;\n", 1, 32, "out of bounds");
    fails("  st.global.u64 [%d3], %d1;\n", 1, 32, "misaligned");
    fails("  st.global.v2.u32 [%d3], {%r1, %r1};\n", 1, 32, "misaligned: writes 8 bytes at byte 4");
    fails(
        "  st.shared.u32 [%r7+512], %r1;\n",
        1, 4, "out of bounds: writes byte 512 of shared memory");
    fails(
        "  mov.b64 %d4, 16;\n  ld.global.u32 %r8, [%d4];\n", 1, 1, "no buffer is at address 0x10");
  }

  @Test
  void whatNothingWroteCannotBeRead() {
    fails(
        "  ld.shared.u32 %r8, [%r7];\n", 1, 32, "reads byte 0 of shared memory", "(uninitialised)");
    fails("  ld.global.u32 %r8, [%d3];\n", 1, 32, "reads byte 0 of buffer 0", "(uninitialised)");
  }

  @Test
  void barriersInOneBranchOnly() {
    String some = "  setp.lt.u32 %p1, %r1, 7;\n  @%p1 bra $L1;\n  bar.sync 0;\n$L1:\n";
    // Lanes that end count as arrived.
    assertThat(run(some + "  st.global.u32 [%d3], %r1;\n", 1, 1)).containsExactly(0);
    fails(some + "  bar.sync 0;\n", 1, 32, "divergent barrier", "lanes 0000007f wait");
    String warps =
        "  setp.lt.u32 %p1, %r1, 32;\n  @%p1 bra $L1;\n  bar.sync 0;\n$L1:\n  bar.sync 0;\n";
    fails(warps, 1, 64, "divergent barrier: it waits here");
  }

  @Test
  void lanesThatWaitInVain() {
    fails(
        "  setp.eq.u32 %p1, %r1, 5;\n  @%p1 ret;\n  shfl.sync.idx.b32 %r8, %r1, 0, 31, -1;\n",
        1, 32, "lanes wait in vain", "lanes ffffffdf wait");
  }

  @Test
  void lanesPartAndMeetAgain() {
    String body =
        """
          setp.lt.u32 %p1, %r1, 10;
          mov.u32 %r8, 0;
          mov.u32 %r9, %r1;
        $LOOP:
          add.s32 %r8, %r8, %r9;
          setp.eq.s32 %p2, %r9, 0;
          add.s32 %r9, %r9, -1;
          @!%p2 bra $LOOP;
          @%p1 bra $SMALL;
          add.s32 %r8, %r8, 1000;
          bra $END;
        $SMALL:
          neg.s32 %r8, %r8;
        $END:
          shfl.sync.down.b32 %r10|%p3, %r8, 1, 31, -1;
          selp.b32 %r11, %r10, 77, %p3;
          st.global.u32 [%d3], %r11;
        """;
    // Sums 0 + 1 + … + t, negated below 10; each lane has the next lane's.
    assertThat(run(body, 1, 32)).startsWith(-1, -3, -6).contains(1000 + 55).endsWith(1496, 77);
  }

  @Test
  void copiesAreThereWhenTheyWereWaitedFor() {
    String copy =
        """
          mov.u32 %r8, 4;
          st.global.u32 [%d3], %r1;
          cp.async.ca.shared.global [%r7], [%d3], 4;
          cp.async.commit_group;
          cp.async.wait_group 0;
          bar.sync 0;
          xor.b32 %r8, %r5, 4;
          add.s32 %r9, %r6, %r8;
          ld.shared.u32 %r10, [%r9];
          bar.sync 0;
          st.global.u32 [%d3], %r10;
        """;
    assertThat(run(copy, 1, 64)).startsWith(1, 0, 3, 2);
    fails(copy.replace("wait_group 0", "wait_group 1"), 1, 64, "before the wait for its cp.async");
    fails(copy.replaceFirst("bar.sync 0;", ""), 1, 64, "race: ");
  }

  @Test
  void votesAtomicsAndReductions() {
    String body =
        """
          and.b32 %r8, %r1, 3;
          setp.eq.s32 %p1, %r8, 1;
          vote.sync.ballot.b32 %r9, %p1, -1;
          redux.sync.add.s32 %r10, %r1, -1;
          mov.u32 %r11, other;
          setp.ne.s32 %p2, %r1, 0;
          @%p2 bra $L1;
          st.shared.u32 [%r11], 0;
        $L1:
          bar.sync 0;
          atom.shared.add.u32 %r12, [%r11], %r1;
          bar.sync 0;
          ld.shared.u32 %r13, [%r11];
          xor.b32 %r14, %r9, %r13;
          add.s32 %r14, %r14, %r10;
          st.global.u32 [%d3], %r14;
        """;
    // Sums of 0 to 31: 496, and of both warps 2016; the second warp's own is 1520.
    assertThat(run(body, 1, 64))
        .startsWith((0x22222222 ^ 2016) + 496)
        .endsWith((0x22222222 ^ 2016) + 1520);
  }

  @Test
  void sectorsAndBankConflictsAreCounted() {
    String body =
        """
          shl.b32 %r8, %r1, 4;
          and.b32 %r8, %r8, 511;
          add.s32 %r8, %r6, %r8;
          st.shared.u32 [%r8], 1;
          st.global.u32 [%d3], %r1;
        """;
    PtxMachine machine = new PtxMachine(PtxModule.parse(TEXT.replace("BODY", body)));
    int buffer = machine.uninitialised(128);
    PtxCounts counts =
        machine.launch(Launch.of("f", Extent.of(1), Extent.of(32), Argument.buffer(buffer)), 0);
    assertThat(counts.globalRequests()).isEqualTo(1);
    assertThat(counts.globalSectors()).as("32 consecutive words").isEqualTo(4);
    assertThat(counts.sharedRequests()).isEqualTo(1);
    assertThat(counts.bankConflicts()).as("words 4 apart: four passes").isEqualTo(3);
    assertThat(counts.threadInstructions()).isEqualTo(32 * 16);
  }

  @Test
  void launchesThatDoNotFit() {
    PtxMachine machine = new PtxMachine(PtxModule.parse(TEXT.replace("BODY", "")));
    assertThatThrownBy(() -> machine.launch(Launch.of("g", Extent.of(1), Extent.of(1)), 0))
        .hasMessage("there is no kernel g among [f]");
    assertThatThrownBy(() -> machine.launch(Launch.of("f", Extent.of(1), Extent.of(1)), 0))
        .hasMessage("kernel f takes 1 arguments, was given 0");
    assertThatThrownBy(() -> machine.launch(Launch.of("f", Extent.of(1), Extent.of(256)), 0))
        .hasMessageContaining("at most 128 threads");
    Launch narrow = Launch.of("f", Extent.of(1), Extent.of(1), Argument.of(5));
    assertThatThrownBy(() -> machine.launch(narrow, 0))
        .hasMessage("argument 0 of kernel f has 8 bytes, was given 4");
  }
}
