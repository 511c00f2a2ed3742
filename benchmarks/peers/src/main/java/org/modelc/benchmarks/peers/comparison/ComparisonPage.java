package org.modelc.benchmarks.peers.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The findings as a page of the documentation, or as JSON. */
final class ComparisonPage {
  private static final double MEGABYTE = 1e6;

  private final List<Findings> findings;

  ComparisonPage(List<Findings> findings) {
    this.findings = findings;
  }

  /** The page. */
  String markdown() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("# What an engine asks of its users\n\n");
    page.append(
        """
        Written by `benchmarks/compare`, which runs one small program an engine (`benchmarks/comparison`), each with the class path that its users have
        for one platform, and looks at its processes from outside. The same networks with the same parameters; the first logits agree.
        """);
    page.append("Measured on ").append(machine()).append(".\n\n");
    row(page, "", Findings::title);
    row(page, "---", each -> "---");
    row(page, "jars on the class path", each -> size(each.dependency()));
    row(page, "files written by a first start", each -> size(each.files()));
    row(
        page,
        "first start, unpacking, to the first prediction",
        each -> text("%.2f s", each.firstStart()));
    row(page, "later start to the first prediction", each -> text("%.2f s", each.laterStart()));
    row(page, "peak resident memory", each -> text("%.0f MB", each.peakBytes() / MEGABYTE));
    row(page, "a call, MLP 10-64-64-1, one row", each -> text("%.2f µs", each.callNanos() / 1e3));
    row(
        page,
        "one thread asked: more threads alive",
        each -> Integer.toString(each.threads().size()));
    row(page, "one thread asked: processors busy", each -> text("%.2f", each.processors()));
    row(page, "loads on musl", ComparisonPage::musl);
    row(page, "metadata for native-image in its jars", each -> each.metadata() ? "yes" : "no");
    row(page, "runs in a native image", each -> "not tried");
    page.append(
        """

        Start, memory and threads: MLP 784-512-256-10; with one row, then 256. Jars of ours are counted with everything in them but the parameters, which
        the others have in files of their own; those of the others without other platforms' libraries, but ONNX Runtime has one jar for all. Libraries of ours that were unpacked are
        deleted once they are loaded. Threads are those that are there besides the JVM's own; `OMP_NUM_THREADS=1`, each engine's own setting is one thread, too. musl: what
        the libraries ask of glibc and musl has not (`nm`); the cases that ours were run with there are `OpHarnessTest`'s.
        native-image: none was at hand, so no engine was tried with it.
        """);
    return page.toString();
  }

  private void row(StringBuilder page, String name, Function<Findings, String> cell) {
    page.append("| ").append(name).append(" |");
    findings.forEach(each -> page.append(' ').append(cell.apply(each)).append(" |"));
    page.append('\n');
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String size(Contender.Size size) {
    return size.files() == 0
        ? "none"
        : text("%.1f MB", size.bytes() / MEGABYTE) + " in " + size.files();
  }

  private static String musl(Findings each) {
    if (each.foreign() == null) {
      return "not tried: no musl here";
    }
    return each.foreign().isEmpty()
        ? "yes"
        : "no: "
            + each.foreign().size()
            + " symbols such as `"
            + each.foreign().iterator().next()
            + "`";
  }

  private static String machine() throws IOException {
    String processor = "";
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        processor = line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return processor
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors, "
        + System.getProperty("os.name")
        + ", JDK "
        + System.getProperty("java.version")
        + ", "
        + LocalDate.now(java.time.ZoneOffset.UTC)
        + "; the load average was "
        + Files.readString(Path.of("/proc/loadavg")).split(" ")[0]
        + " when it ended";
  }

  /** One object an engine, a line each. */
  String json() {
    StringBuilder text = new StringBuilder();
    for (Findings each : findings) {
      text.append(
          String.format(
              Locale.ROOT,
              "{\"engine\": \"%s\", \"jars\": %d, \"jar_bytes\": %d, \"files\": %d, \"file_bytes\": %d,"
                  + " \"first_start_s\": %.3f, \"start_s\": %.3f, \"peak_bytes\": %d, \"call_ns\": %.1f,"
                  + " \"threads\": %d, \"processors\": %.2f, \"musl\": %s, \"native_image_metadata\": %b}%n",
              each.title(),
              each.dependency().files(),
              each.dependency().bytes(),
              each.files().files(),
              each.files().bytes(),
              each.firstStart(),
              each.laterStart(),
              each.peakBytes(),
              each.callNanos(),
              each.threads().size(),
              each.processors(),
              each.foreign() == null ? "null" : Boolean.toString(each.foreign().isEmpty()),
              each.metadata()));
    }
    return text.toString();
  }
}
