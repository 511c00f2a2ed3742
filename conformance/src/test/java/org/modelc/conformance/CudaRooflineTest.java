package org.modelc.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.modelc.codegen.cuda.EmittedCudaProgram;
import org.modelc.codegen.cuda.Roofline;
import org.modelc.codegen.cuda.TargetDescription;
import org.modelc.ir.graph.Graph;
import org.modelc.ir.graph.GraphParser;
import org.modelc.passes.Pipeline;

/** What an H100 needs at least for kernels, by bytes and operations: projected, not measured. */
class CudaRooflineTest {
  private static final Path REPORT = Path.of("target/cuda-roofline.txt");
  private static final TargetDescription HOPPER = new TargetDescription(90);
  private static final Roofline.Device H100 = Roofline.Device.H100;

  @TempDir static Path folder;

  private static EmittedCudaProgram emitted(Graph graph) {
    List<EmittedCudaProgram> parts =
        EmittedCuda.all(List.of(graph), Pipeline.TRAINING, HOPPER).get(0).parts();
    return parts.get(parts.size() - 1);
  }

  /**
   * 2048 × 256 × 1024 in 128 tiles of 128 × 128: 132/128 of 2·2048·256·1024 operations by 494/3
   * TFLOP/s are 6.724 µs; 4·(2048·256 + 256·1024 + 2048·1024) bytes by 3.35 TB/s 3.443 µs.
   */
  @Test
  void product() {
    String text =
        "graph product(%a: f32[2048, 256] input, %b: f32[256, 1024] input) {\n"
            + "  %y = matmul(%a, %b)\n  return y = %y\n}\n";
    List<Roofline.Row> rows = Roofline.of(emitted(GraphParser.parse(text)), Map.of(), H100);
    assertThat(rows).hasSize(1);
    Roofline.Row row = rows.get(0);
    assertThat(row.blocks()).isEqualTo(128);
    assertThat(row.operations()).isEqualTo(2.0 * 2048 * 256 * 1024);
    assertThat(row.bytes()).isEqualTo(4.0 * (2048 * 256 + 256 * 1024 + 2048 * 1024));
    // Each tile brings its rows and columns; the result is written once.
    assertThat(row.brought()).isEqualTo(4.0 * (128 * 256 * 256 + 2048 * 1024));
    assertThat(row.seconds()).isCloseTo(6.724e-6, Offset.offset(1e-9));
    assertThat(row.limit()).isEqualTo("arithmetic");
    assertThat(row.share()).isCloseTo(128.0 / 132, Offset.offset(1e-9));
  }

  /** Adding is held up by memory: three times 4 MiB by 3.35 TB/s. */
  @Test
  void elementwise() {
    String text =
        "graph sum(%a: f32[1048576] input, %b: f32[1048576] input) {\n"
            + "  %y = add(%a, %b)\n  return y = %y\n}\n";
    Roofline.Row row = Roofline.of(emitted(GraphParser.parse(text)), Map.of(), H100).get(0);
    assertThat(row.limit()).isEqualTo("memory");
    assertThat(row.seconds()).isCloseTo(12 * 1048576 / 3.35e12, Offset.offset(1e-12));
  }

  @Test
  void gptsProductsKeepTensorCoresBusy() throws IOException {
    Graph train = CudaModelsTest.gpt(folder).get("train");
    List<Roofline.Row> rows = Roofline.of(emitted(train), Map.of("B", 16), H100);
    Files.writeString(REPORT, Roofline.table(rows, H100));
    List<Roofline.Row> products = rows.stream().filter(Roofline.Row::isProduct).toList();
    // Per layer q, k, v, the joined heads, two of the feed-forward net, each with two gradients.
    assertThat(products).hasSizeGreaterThanOrEqualTo(4 * 6 * 3);
    assertThat(products)
        .allMatch(row -> row.launch().product().rate() == Roofline.Rate.SINGLES_BY_THREE);
    assertThat(Roofline.productShare(rows, H100)).isBetween(0.6, 1.0);
  }
}
