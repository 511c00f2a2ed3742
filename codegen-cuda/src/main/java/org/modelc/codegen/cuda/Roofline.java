package org.modelc.codegen.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The least time that a device can take for each kernel of a program: projected from what the
 * kernel multiplies and moves, not measured.
 *
 * <p>A kernel takes as long as the longest of three: its bytes by the memory's rate, each element
 * counted once; what its blocks bring from the second-level cache by that one's rate, the factors
 * of a product once for each tile; its operations, padding of tiles included, by the rate of the
 * multiprocessors, of which the busiest has ⌈blocks / multiprocessors⌉ blocks. Launches, latencies,
 * instructions other than multiply-adds and conflicts are not in it.
 */
public final class Roofline {
  /**
   * A device's rates.
   *
   * @param memory bytes a second
   * @param cache bytes a second that the second-level cache gives
   * @param singles operations on f32 a second without tensor cores
   * @param tensorSingles operations on tf32 a second by tensor cores
   * @param tensorHalves those on f16 and bf16, which have one rate
   * @param tensorBytes those on bytes
   */
  public record Device(
      String name,
      int multiprocessors,
      double memory,
      double cache,
      double singles,
      double tensorSingles,
      double tensorHalves,
      double tensorBytes) {
    /**
     * NVIDIA H100 SXM, dense. Source: NVIDIA's data sheet of the H100; the cache's 5,120 bytes a
     * clock are those of the A100's whitepaper, as none are told of the H100, at 1,755 MHz.
     */
    public static final Device H100 =
        new Device("H100 SXM", 132, 3.35e12, 5120 * 1.755e9, 67e12, 494e12, 989e12, 1979e12);

    double rate(Rate rate) {
      return switch (rate) {
        case SINGLES -> singles;
        case SINGLES_BY_THREE -> tensorSingles / 3;
        case HALVES -> tensorHalves;
        case BYTES -> tensorBytes;
      };
    }
  }

  /** What multiplies. */
  public enum Rate {
    /** Multiply-adds of f32, or of what is no faster. */
    SINGLES,
    /** Tensor cores, three products of tf32 for one of f32. */
    SINGLES_BY_THREE,
    /** Tensor cores on f16 or bf16. */
    HALVES,
    /** Tensor cores on bytes. */
    BYTES
  }

  /**
   * A kernel's bound.
   *
   * @param operations two for each multiply-add that the kernel's result needs
   * @param bytes distinct ones that it reads and writes
   * @param brought bytes that blocks bring from the cache
   * @param seconds the least time
   * @param limit what that time is needed for
   * @param share of the rate of what multiplies, at that time
   */
  public record Row(
      Launch launch,
      long blocks,
      double operations,
      double bytes,
      double brought,
      double seconds,
      String limit,
      double share) {
    /** Whether the kernel is a product in tiles. */
    public boolean isProduct() {
      return launch.product() != null;
    }
  }

  private Roofline() {}

  /** The bounds of a program's launches, in order. */
  public static List<Row> of(
      EmittedCudaProgram program, Map<String, ? extends Number> dims, Device device) {
    List<Row> rows = new ArrayList<>();
    program.launches().forEach(launch -> rows.add(row(launch, dims, device)));
    return rows;
  }

  private static Row row(Launch launch, Map<String, ? extends Number> dims, Device device) {
    Launch.Product product = launch.product();
    long blocks = 1;
    for (Launch.Extent extent : launch.grid()) {
      blocks *= extent.evaluate(dims);
    }
    double operations = 2.0 * launch.multiplyAdds().evaluate(dims);
    double bytes = launch.bytes().evaluate(dims);
    double brought = product == null ? bytes : product.brought(dims);
    double executed = product == null ? operations : product.executed(dims);
    double rate = device.rate(product == null ? Rate.SINGLES : product.rate());
    double busiest = Math.ceil((double) blocks / device.multiprocessors());
    double arithmetic = executed / rate * busiest * device.multiprocessors() / blocks;
    double memory = bytes / device.memory();
    double cache = brought / device.cache();
    double seconds = Math.max(arithmetic, Math.max(memory, cache));
    String limit = seconds == memory ? "memory" : seconds == cache ? "cache" : "arithmetic";
    double share = seconds == 0 ? 0 : operations / seconds / rate;
    return new Row(launch, blocks, operations, bytes, brought, seconds, limit, share);
  }

  /** The share of the rate of tensor cores that all products together reach at most. */
  public static double productShare(List<Row> rows, Device device) {
    double wanted = 0;
    double taken = 0;
    for (Row row : rows) {
      if (row.isProduct()) {
        wanted += row.operations / device.rate(row.launch.product().rate());
        taken += row.seconds;
      }
    }
    return taken == 0 ? 0 : wanted / taken;
  }

  /**
   * What an interpreter counted of a launch.
   *
   * @param sectors pieces of 32 bytes that requests in global memory touched
   * @param conflicts further passes in shared memory, as lanes wanted different words of one bank
   */
  public record Counted(long sectors, long conflicts) {
    /** Bytes of a sector. */
    public static final int SECTOR = 32;
  }

  /** A table for the reader. */
  public static String table(List<Row> rows, Device device) {
    return table(rows, List.of(), device);
  }

  /**
   * A table with what was counted beside it.
   *
   * @param counted for each row, or empty
   */
  public static String table(List<Row> rows, List<Counted> counted, Device device) {
    StringBuilder text = new StringBuilder();
    text.append("projected bound, not measured: ").append(device.name()).append('\n');
    String head = "%9s %10s %10s %10s %9s %-10s %6s  ";
    text.append(
        String.format(
            Locale.ROOT, head, "blocks", "Mop", "kB", "kB cache", "µs", "limit", "share"));
    text.append(counted.isEmpty() ? "" : String.format("%10s %9s  ", "kB sectors", "conflicts"));
    text.append('\n');
    double seconds = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      seconds += row.seconds;
      text.append(line(row));
      text.append(counted.isEmpty() ? "" : line(counted.get(i)));
      text.append(row.launch.kernel()).append('\n');
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%d launches, %.1f µs; products at %.0f %% of what multiplies them%n",
            rows.size(),
            seconds * 1e6,
            100 * productShare(rows, device)));
    return text.toString();
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%9d %10.2f %10.1f %10.1f %9.3f %-10s %5.1f%%  ",
        row.blocks,
        row.operations / 1e6,
        row.bytes / 1e3,
        row.brought / 1e3,
        row.seconds * 1e6,
        row.limit,
        row.share * 100);
  }

  private static String line(Counted counted) {
    double bytes = counted.sectors * (double) Counted.SECTOR;
    return String.format(Locale.ROOT, "%10.1f %9d  ", bytes / 1e3, counted.conflicts);
  }
}
