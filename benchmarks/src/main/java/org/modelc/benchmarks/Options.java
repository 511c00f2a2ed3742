package org.modelc.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was asked on the command line.
 *
 * @param format how rows are printed
 * @param rows the wanted rows; empty for all
 * @param seconds how long pairs are measured
 * @param threads thread counts of the rows that stand against peers
 * @param peers whether peers take part
 * @param profile whether the kernels of our programs are timed, and nothing else
 * @param backend what compiles our programs; null for the compiler's default
 */
record Options(
    Format format,
    List<String> rows,
    double seconds,
    List<Integer> threads,
    boolean peers,
    boolean profile,
    String backend) {
  static final String USAGE =
      "benchmarks/run [--json | --markdown] [--rows a,b] [--seconds S] [--threads 1,2]"
          + " [--backend NAME] [--no-peers] [--profile]";

  Options {
    rows = List.copyOf(rows);
    threads = List.copyOf(threads);
  }

  /** How rows are printed. */
  enum Format {
    TEXT,
    JSON,
    MARKDOWN
  }

  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException naming the one that is not understood
   */
  static Options parse(String... arguments) {
    Options options = new Options(Format.TEXT, List.of(), 3, List.of(1, 2), true, false, null);
    List<String> left = new ArrayList<>(Arrays.asList(arguments));
    while (!left.isEmpty()) {
      options = options.with(left.remove(0), left);
    }
    return options;
  }

  private Options with(String option, List<String> rest) {
    return switch (option) {
      case "--json" -> new Options(Format.JSON, rows, seconds, threads, peers, profile, backend);
      case "--markdown" ->
          new Options(Format.MARKDOWN, rows, seconds, threads, peers, profile, backend);
      case "--no-peers" -> new Options(format, rows, seconds, threads, false, profile, backend);
      case "--profile" -> new Options(format, rows, seconds, threads, peers, true, backend);
      case "--rows" ->
          new Options(
              format,
              List.of(value(option, rest).split(",")),
              seconds,
              threads,
              peers,
              profile,
              backend);
      case "--seconds" ->
          new Options(
              format,
              rows,
              Double.parseDouble(value(option, rest)),
              threads,
              peers,
              profile,
              backend);
      case "--threads" ->
          new Options(format, rows, seconds, counts(value(option, rest)), peers, profile, backend);
      case "--backend" ->
          new Options(format, rows, seconds, threads, peers, profile, value(option, rest));
      default -> throw new IllegalArgumentException("unknown option " + option);
    };
  }

  private static String value(String option, List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.remove(0);
  }

  private static List<Integer> counts(String text) {
    return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }
}
