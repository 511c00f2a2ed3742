package org.modelc.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Matrix products through the compiler, for JMH. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProductBenchmark {
  /** Rows, columns and inner dim. */
  @Param({"512,512,512", "128,384,384"})
  public String sizes;

  private CompiledCase product;

  /** Compiles the product. */
  @Setup
  public void compile() {
    String[] parts = sizes.split(",");
    int rows = Integer.parseInt(parts[0]);
    int columns = Integer.parseInt(parts[1]);
    product =
        new CompiledCase(BenchmarkGraphs.product(rows, columns, Integer.parseInt(parts[2])), 1, 1);
  }

  /** One product. */
  @Benchmark
  public void product() {
    product.run();
  }
}
