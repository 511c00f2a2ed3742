package org.modelc.codegen.llvm.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.modelc.codegen.llvm.gemm.CompiledNests.dim;
import static org.modelc.codegen.llvm.gemm.Products.inputs;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.modelc.codegen.llvm.EmittedNativeProgram;
import org.modelc.codegen.llvm.IsaLevel;
import org.modelc.codegen.llvm.NativePlatform;
import org.modelc.codegen.llvm.schedule.ProductKnob;
import org.modelc.codegen.llvm.schedule.ProductSchedule;
import org.modelc.codegen.llvm.schedule.ProductSchedules;
import org.modelc.codegen.llvm.schedule.ScheduledProduct;
import org.modelc.codegen.llvm.toolchain.NativeFunction;
import org.modelc.ir.kernel.KernelProgram;
import org.modelc.ir.kernel.LoopNest;
import org.modelc.runtime.spec.DType;
import org.modelc.runtime.spec.Dim;

/** Schedules that are given: what they change, and that no bit of a result is among it. */
class ProductScheduleTest {
  private static final List<String> DIMS = List.of("B");
  private static final Dim ROWS = Dim.symbol("B");

  static Stream<IsaLevel> levels() {
    return NativeFunction.runnable().stream();
  }

  /** Rows known and not, each way a right factor lies, sums and expressions, long depths. */
  private static LoopNest[] nests(IsaLevel level) {
    int width = RegisterTile.of(NativePlatform.host().target(level), DType.F32).columns();
    LoopNest known = matmul("p", dim(131), dim(70), dim(300), false);
    LoopNest bare =
        Products.matmul("q", DType.F32, ROWS, dim(45), dim(530), true, false, (sum, i, j) -> sum);
    LoopNest turned = matmul("r", ROWS, dim(37), dim(61), true);
    LoopNest panels = Products.packed(matmul("s", ROWS, dim(133), dim(400), false), width);
    return new LoopNest[] {known, bare, turned, panels};
  }

  private static LoopNest matmul(String name, Dim rows, Dim columns, Dim depth, boolean turned) {
    return Products.matmul(
        name, DType.F32, rows, columns, depth, false, turned, Products::reluOfBias);
  }

  private static List<ScheduledProduct> products(EmittedNativeProgram emitted) {
    return emitted.kernels().stream().flatMap(each -> each.product().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("levels")
  void whatIsTriedGivesTheBitsOfTheModel(IsaLevel level) {
    CompiledNests plain = new CompiledNests(level, DIMS, nests(level));
    List<ScheduledProduct> products = products(plain.emitted);
    assertThat(products).hasSize(4);
    boolean best = NativeFunction.runnable().indexOf(level) == NativeFunction.runnable().size() - 1;
    for (ProductKnob knob : best ? ProductKnob.values() : new ProductKnob[0]) {
      int most = products.stream().mapToInt(each -> variations(each, knob).size()).max().getAsInt();
      for (int i = 0; i < most; i++) {
        Map<String, ProductSchedule> given = new HashMap<>();
        for (ScheduledProduct product : products) {
          List<ProductSchedule> all = variations(product, knob);
          given.put(product.kernel(), i < all.size() ? all.get(i) : product.schedule());
        }
        agree(plain, level, given, knob + " " + i);
      }
    }
  }

  private static List<ProductSchedule> variations(ScheduledProduct product, ProductKnob knob) {
    return product.choices().variations(knob, product.schedule());
  }

  @ParameterizedTest
  @MethodSource("levels")
  void anyAllowedScheduleGivesTheBitsOfTheModel(IsaLevel level) {
    long seed = new Random().nextLong();
    System.out.println("ProductScheduleTest seed " + seed);
    Random random = new Random(seed);
    CompiledNests plain = new CompiledNests(level, DIMS, nests(level));
    for (int i = 0; i < 3; i++) {
      Map<String, ProductSchedule> given = new HashMap<>();
      for (ScheduledProduct product : products(plain.emitted)) {
        given.put(product.kernel(), drawn(product, level, random));
      }
      agree(plain, level, given, "seed " + seed + ", " + i);
    }
  }

  private static ProductSchedule drawn(ScheduledProduct product, IsaLevel level, Random random) {
    while (true) {
      Map<ProductKnob, Integer> values = new EnumMap<>(ProductKnob.class);
      for (ProductKnob knob : ProductKnob.values()) {
        // Small values as often as large ones.
        int most = 1 + random.nextInt(knob.most(level));
        int value = random.nextInt(most + 1);
        int step = knob == ProductKnob.PART_STEPS ? 32 : 1;
        values.put(knob, Math.max(knob.least(), value / step * step));
        assertThat(knob.allows(values.get(knob), level)).isTrue();
      }
      ProductSchedule schedule = new ProductSchedule(values);
      if (product.choices().mistake(schedule).isEmpty()) {
        return schedule;
      }
    }
  }

  private static void agree(
      CompiledNests plain, IsaLevel level, Map<String, ProductSchedule> given, String what) {
    ProductSchedules schedules = new ProductSchedules(Map.of(level, given));
    CompiledNests other = new CompiledNests(schedules, level, DIMS, nests(level));
    products(other.emitted)
        .forEach(each -> assertThat(each.schedule()).isEqualTo(given.get(each.kernel())));
    for (int rows : new int[] {1, 15, 40}) {
      Map<String, Integer> dims = Map.of("B", rows);
      Map<String, double[]> inputs = inputs(plain.program, dims);
      Map<String, double[]> expected = plain.run(1, dims, inputs);
      for (int workers = 1; workers <= 2; workers++) {
        Map<String, double[]> found = other.run(workers, dims, inputs);
        expected.forEach(
            (name, values) ->
                assertThat(found.get(name)).as("%s, %s: %s", level, what, given).isEqualTo(values));
      }
    }
  }

  /** Each knob changes the code of some product, and the schedule that is printed beside it. */
  @Test
  void knobsChangeTheCode() {
    IsaLevel level = IsaLevel.X86_64_V4;
    EmittedNativeProgram plain = emitted(ProductSchedules.NONE, level);
    Map<ProductKnob, String> told = new LinkedHashMap<>();
    for (ProductKnob knob : ProductKnob.values()) {
      Map<String, ProductSchedule> given = new HashMap<>();
      for (ScheduledProduct product : products(plain)) {
        variations(product, knob).stream()
            .findFirst()
            .ifPresent(each -> given.put(product.kernel(), each));
      }
      EmittedNativeProgram tuned = emitted(new ProductSchedules(Map.of(level, given)), level);
      assertThat(tuned.llvm()).as("%s", knob).isNotEqualTo(plain.llvm());
      tuned.kernels().stream()
          .map(EmittedNativeProgram.Phase::schedule)
          .filter(schedule -> schedule.contains(knob.text()))
          .findFirst()
          .ifPresent(schedule -> told.put(knob, schedule));
      // At a level that nothing is given for, all is as it was.
      ProductSchedules others = new ProductSchedules(Map.of(IsaLevel.X86_64_V3, given));
      assertThat(emitted(others, level).llvm()).isEqualTo(plain.llvm());
    }
    assertThat(told).containsOnlyKeys(ProductKnob.values());
    assertThat(told.get(ProductKnob.TILE_ROWS))
        .contains("tileRows 13 for 14; blockTiles 11 for 10");
    assertThat(told.get(ProductKnob.FETCH_LINES)).contains("fetchLines 0 for 2");
  }

  private static EmittedNativeProgram emitted(ProductSchedules schedules, IsaLevel level) {
    KernelProgram program = CompiledNests.program(DIMS, nests(level));
    return new org.modelc.codegen.llvm.LlvmBackend(schedules)
        .emit(program, "p", NativePlatform.LINUX_X86_64.target(level));
  }

  @Test
  void fingerprintsAreStableUnderRenaming() {
    List<String> names = new ArrayList<>();
    for (String[] dims : new String[][] {{"B", "T"}, {"Z", "A"}}) {
      Dim rows = Dim.symbol(dims[0]).times(Dim.symbol(dims[1]));
      LoopNest nest =
          Products.matmul(
              dims[0],
              DType.F32,
              rows,
              Dim.symbol(dims[1]).plus(3),
              dim(64),
              false,
              true,
              Products::reluOfBias);
      names.add(ProductFingerprint.of(Contraction.of(nest)));
    }
    assertThat(names.get(1)).isEqualTo(names.get(0));
    assertThat(names.get(0))
        .isEqualTo("f32 n1*n2 x n1+3 x 64, left in rows, right turned, an expression");
  }

  /** What the cost model chooses at each level. */
  @Test
  void theModelReadsTheTarget() {
    LoopNest nest = matmul("p", dim(128), dim(1536), dim(384), false);
    Contraction product = Contraction.of(nest);
    Map<IsaLevel, List<Integer>> expected =
        Map.of(
            IsaLevel.X86_64_V4, List.of(14, 1024, 10, 1, 2, 2, 12),
            IsaLevel.X86_64_V3, List.of(6, 2048, 22, 1, 2, 2, 12),
            IsaLevel.X86_64_V2, List.of(4, 4096, 32, 1, 2, 2, 12),
            IsaLevel.NEON, List.of(14, 4096, 10, 1, 2, 2, 12));
    expected.forEach(
        (level, values) -> {
          NativePlatform platform =
              level == IsaLevel.NEON ? NativePlatform.LINUX_AARCH64 : NativePlatform.LINUX_X86_64;
          ProductSchedule model = ProductCosts.of(product, platform.target(level)).model();
          assertThat(model.values().values()).as("%s", level).containsExactlyElementsOf(values);
        });
  }

  @Test
  void blocksThatTakeTooMuchMemoryAreRefused() {
    LoopNest nest = matmul("p", dim(100_000), dim(1536), dim(4096), false);
    ProductCosts costs =
        ProductCosts.of(
            Contraction.of(nest), NativePlatform.LINUX_X86_64.target(IsaLevel.X86_64_V4));
    ProductSchedule large = costs.model().with(ProductKnob.BLOCK_TILES, 8192);
    assertThat(costs.mistake(costs.model())).isEmpty();
    assertThat(costs.mistake(large).orElseThrow())
        .startsWith("blockTiles of 8192 would take 2048 MiB a worker; ");
  }
}
