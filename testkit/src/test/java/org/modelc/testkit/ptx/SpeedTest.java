package org.modelc.testkit.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.modelc.testkit.gpu.Argument;
import org.modelc.testkit.gpu.Extent;
import org.modelc.testkit.gpu.Launch;

/** Prints how fast the interpreter is; asserts that it did the work, not how long it took. */
class SpeedTest {
  private static final int REPEATS = 4;

  @Test
  void threadInstructionsASecond() throws IOException {
    PtxModule module = PtxModule.parse(Bytes.resource("/ptx/kernels.ptx"));
    PtxMachine machine = new PtxMachine(module);
    int in = machine.buffer(new byte[4 * 256 * 512]);
    int out = machine.uninitialised(4 * 256 * 512);
    Launch softmax =
        Launch.of(
            "softmax",
            Extent.of(64),
            Extent.of(128),
            Argument.buffer(in),
            Argument.buffer(out),
            Argument.of(256),
            Argument.of(512));
    print("softmax 256x512", machine, softmax, 256L * 512);
    Launch product =
        Launch.of(
            "product",
            Extent.of(8, 4),
            Extent.of(128),
            Argument.buffer(in),
            Argument.buffer(in),
            Argument.buffer(out),
            Argument.of(128),
            Argument.of(128),
            Argument.of(256));
    print("product 128x128x256", machine, product, 128L * 128 * 256 / 1024 * 32);
  }

  private static void print(String name, PtxMachine machine, Launch launch, long least) {
    double best = 0;
    PtxCounts counts = null;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      counts = machine.launch(launch, 0);
      double seconds = (System.nanoTime() - start) * 1e-9;
      best = Math.max(best, counts.threadInstructions() / seconds);
    }
    System.out.printf("%s: %.1f M thread-instructions/s; %s%n", name, best * 1e-6, counts);
    assertThat(counts.threadInstructions()).isGreaterThan(least);
  }
}
