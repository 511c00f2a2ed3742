package org.modelc.benchmarks.peers.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Finds out about one contender. */
final class Inspection {
  private static final int STARTS = 7;
  private static final String SECONDS = "1.5";

  /** How the JVM's own threads are called, as far as Linux keeps their names. */
  private static final Set<String> OWN =
      Set.of(
          "C1 Comp", "C2 Comp", "GC Thre", "G1 ", "Sweeper", "Common-", "process", "VM ", "Attach");

  private final Contender contender;
  private final Path networks;
  private final Path places;

  /**
   * @param networks the folder of the networks' files
   * @param folder for this contender alone
   */
  Inspection(Contender contender, Path networks, Path folder) {
    this.contender = contender;
    this.networks = networks;
    this.places = folder;
  }

  private List<String> arguments(String mode, Networks network, String... more) {
    List<String> arguments = new ArrayList<>(List.of(mode));
    arguments.add(networks.resolve(network.stem(contender)).toString());
    arguments.add(Integer.toString(network.inputs()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private SubjectProcess start(String mode, Networks network, String... more) throws IOException {
    return new SubjectProcess(contender, network.row(), places, arguments(mode, network, more));
  }

  /**
   * Runs the programs.
   *
   * @param expected the first logit; NaN for whatever comes
   * @return what was found, and the first logit
   */
  Result run(double expected) throws IOException {
    double logit;
    double firstStart;
    Contender.Size files;
    Set<String> foreign;
    try (SubjectProcess process = start("first", Networks.MLP)) {
      logit = Double.parseDouble(process.await("first"));
      firstStart = process.secondsSinceStart();
      files = files();
      foreign = ForeignSymbols.canTell() ? ForeignSymbols.of(libraries()) : null;
    }
    if (Math.abs(logit - expected) > 1e-4) {
      throw new IOException(contender.title() + " gives " + logit + ", others " + expected);
    }
    List<Double> starts = new ArrayList<>();
    List<Long> peaks = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      try (SubjectProcess process = start("first", Networks.MLP)) {
        process.await("first");
        starts.add(process.secondsSinceStart());
        peaks.add(process.peakBytes());
      }
    }
    Collections.sort(starts);
    Collections.sort(peaks);
    double nanos;
    try (SubjectProcess process = start("calls", Networks.TINY, SECONDS)) {
      nanos = Double.parseDouble(process.await("calls"));
    }
    Work work = work();
    Findings findings =
        new Findings(
            contender.title(),
            contender.size(Networks.MLP.row()),
            files,
            firstStart,
            starts.get(STARTS / 2),
            peaks.get(STARTS / 2),
            nanos,
            work.threads(),
            work.processors(),
            foreign,
            hasMetadata());
    return new Result(findings, logit);
  }

  /** Findings and what the network said. */
  record Result(Findings findings, double logit) {}

  private record Work(Set<String> threads, double processors) {}

  private Work work() throws IOException {
    try (SubjectProcess process = start("work", Networks.BATCH, SECONDS)) {
      process.await("started");
      Set<String> before = process.threads().keySet();
      process.goOn();
      process.await("warm");
      double processor = process.processorSeconds();
      long start = System.nanoTime();
      process.goOn();
      process.await("work");
      double seconds = (System.nanoTime() - start) / 1e9;
      double busy = (process.processorSeconds() - processor) / seconds;
      Set<String> threads = new TreeSet<>();
      for (Map.Entry<String, String> thread : process.threads().entrySet()) {
        if (!before.contains(thread.getKey())
            && OWN.stream().noneMatch(thread.getValue()::startsWith)) {
          threads.add(thread.getValue() + " " + thread.getKey());
        }
      }
      return new Work(threads, busy);
    }
  }

  private Contender.Size files() throws IOException {
    int count = 0;
    long bytes = 0;
    for (Path file : written()) {
      count++;
      bytes += Files.size(file);
    }
    return new Contender.Size(count, bytes);
  }

  /** Files that the program has made; the JVM's own statistics are not among them. */
  private List<Path> written() throws IOException {
    List<Path> written = new ArrayList<>();
    for (String folder : List.of("home", "temporary")) {
      try (Stream<Path> files = Files.walk(places.resolve(folder))) {
        files
            .filter(file -> Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS))
            .filter(file -> !file.toString().contains("hsperfdata"))
            .forEach(written::add);
      }
    }
    return written;
  }

  /** The native libraries: those written, and those in our own jar, which are gone once loaded. */
  private List<Path> libraries() throws IOException {
    List<Path> libraries = new ArrayList<>();
    for (Path file : written()) {
      if (file.getFileName().toString().matches(".*\\.so(\\.[0-9.]+)?")) {
        libraries.add(file);
      }
    }
    if (contender.jar() != null) {
      try (ZipFile zip = new ZipFile(contender.jar().of(Networks.MLP.row()).toFile())) {
        for (var entry : zip.stream().filter(each -> each.getName().endsWith(".so")).toList()) {
          Path copy = places.resolve("ours.so");
          Files.write(copy, zip.getInputStream(entry).readAllBytes());
          libraries.add(copy);
        }
      }
    }
    return libraries;
  }

  private boolean hasMetadata() throws IOException {
    for (Path entry : contender.classPath(Networks.MLP.row())) {
      if (entry.toString().endsWith(".jar")) {
        try (ZipFile zip = new ZipFile(entry.toFile())) {
          if (zip.stream().anyMatch(each -> each.getName().startsWith("META-INF/native-image/"))) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
