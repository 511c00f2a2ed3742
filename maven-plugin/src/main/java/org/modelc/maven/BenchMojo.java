package org.modelc.maven;

import java.util.List;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.modelc.compiler.CallBenchmark;
import org.modelc.compiler.jar.ModelArchive;
import org.modelc.runtime.spec.FunctionSpec;

/** Measures how long calls of each exported function take, and what they allocate. */
@Mojo(name = "bench", threadSafe = true)
public final class BenchMojo extends ModelMojo {
  /** Rows a call. */
  @Parameter(property = "modelc.batch", defaultValue = "1")
  private int batch;

  /** At most so many threads a call. */
  @Parameter(property = "modelc.benchThreads", defaultValue = "1")
  private int benchThreads;

  @Override
  void run(BuildSettings settings, List<ModelUnit> units) {
    ModelBuild build = build(settings);
    for (ModelUnit unit : units) {
      build.compile(unit);
      ModelArchive jar = ModelArchive.open(build.built(unit).jar());
      for (FunctionSpec function : jar.model().manifest().functions()) {
        CallBenchmark result =
            CallBenchmark.run(
                jar.model().programs(),
                function.program(),
                Math.max(1, batch),
                Math.max(1, benchThreads));
        getLog()
            .info(
                String.format(
                    Locale.ROOT,
                    "%s.%s, batch %d: median %.2f µs, 99%% within %.2f µs, %.0f bytes allocated a call,"
                        + " %.2f GFLOP/s",
                    unit.name(),
                    function.name(),
                    result.batch(),
                    result.medianMicros(),
                    result.p99Micros(),
                    result.allocatedBytesPerCall(),
                    result.gigaflops()));
      }
    }
  }
}
