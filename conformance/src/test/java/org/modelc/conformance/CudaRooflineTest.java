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
import org.modelc.testkit.ptx.PtxCounts;
import org.modelc.testkit.ptx.PtxModule;

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
    Graph train = BenchmarkGraphs.GPT.graphs(folder, Map.of()).get("train");
    List<Roofline.Row> rows = Roofline.of(emitted(train), Map.of("B", 16), H100);
    Files.writeString(REPORT, Roofline.table(rows, H100));
    List<Roofline.Row> products = rows.stream().filter(Roofline.Row::isProduct).toList();
    // Per layer q, k, v, the joined heads, two of the feed-forward net, each with two gradients.
    assertThat(products).hasSizeGreaterThanOrEqualTo(4 * 6 * 3);
    assertThat(products)
        .allMatch(row -> row.launch().product().rate() == Roofline.Rate.SINGLES_BY_THREE);
    assertThat(Roofline.productShare(rows, H100)).isBetween(0.6, 1.0);
  }

  /** What the interpreter counts of the PTX for a graph: {@code mvn -Pcuda}. */
  private static List<PtxCounts> costs(EmittedCuda emitted, Map<String, Integer> dims)
      throws IOException {
    PtxCompiler.required();
    String text = EmittedCuda.text(List.of(emitted));
    CudaOnPtx ptx =
        new CudaOnPtx(PtxModule.parse(PtxCompiler.required().compile(text, 90).ptx()), 1);
    new CudaRun(emitted, CudaModelsTest.inputs(emitted.graph(), dims, 10)).on(ptx);
    return ptx.costs();
  }

  private static List<Roofline.Counted> counted(List<PtxCounts> costs) {
    return costs.stream()
        .map(cost -> new Roofline.Counted(cost.globalSectors(), cost.bankConflicts()))
        .toList();
  }

  private static EmittedCuda emittedFor(String body) {
    Graph graph = GraphParser.parse(body);
    return EmittedCuda.all(List.of(graph), Pipeline.TRAINING, HOPPER).get(0);
  }

  /** 3 × 65,536 × 4 bytes in sectors of 32, by warps whose lanes ask for 16 bytes each. */
  @Test
  void neighboursTouchEachSectorOnceAndFourAtATime() throws IOException {
    EmittedCuda sum =
        emittedFor(
            "graph sum(%a: f32[65536] input, %b: f32[65536] input) {\n"
                + "  %y = add(%a, %b)\n  return y = %y\n}\n");
    List<PtxCounts> costs = costs(sum, Map.of());
    assertThat(counted(costs)).containsExactly(new Roofline.Counted(24576, 0));
    assertThat(costs.get(0).globalRequests()).isEqualTo(3 * 65536 / 4 / 32);
  }

  /**
   * What tiles bring is as projected: 8 of 64 × 64, 128 steps each, 64 KiB of factors. The result's
   * sectors are touched twice, as a lane stores the two neighbours that it has one after the other.
   */
  @Test
  void tilesBringWhatIsProjectedAndMeetInNoBank() throws IOException {
    EmittedCuda product =
        emittedFor(
            "graph product(%a: f32[256, 128] input, %b: f32[128, 128] input) {\n"
                + "  %y = matmul(%a, %b)\n  return y = %y\n}\n");
    Roofline.Row row = Roofline.of(product.parts().get(0), Map.of(), H100).get(0);
    Roofline.Counted counted = counted(costs(product, Map.of())).get(0);
    assertThat(row.brought()).isEqualTo(8 * 64 * 1024 + 4.0 * 256 * 128);
    assertThat((double) counted.sectors() * Roofline.Counted.SECTOR)
        .isEqualTo(row.brought() + 4.0 * 256 * 128);
    assertThat(counted.conflicts()).isZero();
  }

  /** Which kernels of a step touch more than they need, and where lanes meet. */
  @Test
  void countsStandBesideTheBound() throws IOException {
    Graph train = CudaModelsTest.graphs("models/digits/digits.model").get("train");
    EmittedCuda emitted = EmittedCuda.all(List.of(train), Pipeline.TRAINING, HOPPER).get(0);
    Map<String, Integer> dims = Map.of("B", 32);
    List<Roofline.Counted> counted = counted(costs(emitted, dims));
    List<Roofline.Row> rows =
        Roofline.of(emitted.parts().get(emitted.parts().size() - 1), dims, H100);
    assertThat(counted).hasSameSizeAs(rows);
    String table = Roofline.table(rows, counted, H100);
    Files.writeString(REPORT.resolveSibling("cuda-roofline-digits.txt"), table);
    assertThat(table).startsWith("projected bound, not measured: H100 SXM").contains("conflicts");
    double touched = counted.stream().mapToDouble(each -> each.sectors() * 32.0).sum();
    double needed = rows.stream().mapToDouble(Roofline.Row::bytes).sum();
    assertThat(touched).isGreaterThan(needed);
  }
}
