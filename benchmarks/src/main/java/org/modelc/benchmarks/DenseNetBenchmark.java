package org.modelc.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A training step of a classifier and a prediction of a tiny net, for JMH. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DenseNetBenchmark {
  /** Workers. */
  @Param({"1", "2"})
  public int threads;

  private CompiledCase step;
  private CompiledCase tiny;

  /** Compiles both. */
  @Setup
  public void compile() {
    step = new CompiledCase(BenchmarkGraphs.step(784, 512, 256, 10), 128, threads);
    tiny = new CompiledCase(BenchmarkGraphs.forward(10, 64, 64, 1), 1, threads);
  }

  /** 784-512-256-10, batch 128, Adam. */
  @Benchmark
  public void classifierStep() {
    step.run();
  }

  /** 10-64-64-1, batch 1. */
  @Benchmark
  public void tinyPrediction() {
    tiny.run();
  }
}
