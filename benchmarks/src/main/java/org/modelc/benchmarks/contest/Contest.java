package org.modelc.benchmarks.contest;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.modelc.benchmarks.MedianBound;
import org.modelc.benchmarks.Row;
import org.modelc.benchmarks.contest.EngineProcess.EngineFailure;

/**
 * A row: our program at each thread count against the best that peers reach with as many threads or
 * fewer.
 */
public final class Contest {
  private static final int FEWEST_PAIRS = 15;
  private static final int MOST_ATTEMPTS = 60;

  /** On an unsteady machine pairs are measured for so many times the wanted seconds, no longer. */
  private static final int PATIENCE = 20;

  /** How much the probe may differ within a pair. */
  private static final double STEADY = 1.1;

  /** How long each side of a pair takes, or one call if that takes longer. */
  private static final double SIDE_SECONDS = 0.04;

  private static final double TOLERANCE = 2e-4;

  /** Random weights of four bits are off by 7 % each, three layers of them by twice that. */
  private static final double COMPRESSED_TOLERANCE = 0.3;

  private final Materials.Source source;
  private final Path folder;
  private final double seconds;
  private final boolean withPeers;

  /**
   * @param source where our programs come from
   * @param folder for files that engines share; only of this run
   * @param seconds how long pairs are measured, and engines warmed up before
   * @param withPeers whether peers take part
   */
  public Contest(Materials.Source source, Path folder, double seconds, boolean withPeers) {
    this.source = source;
    this.folder = folder;
    this.seconds = seconds;
    this.withPeers = withPeers;
  }

  /**
   * Runs a row.
   *
   * @throws IllegalStateException if our own program fails, or a peer's results differ from ours
   */
  public List<Row> run(Workload workload, List<Integer> threadCounts) {
    Materials.make(source, workload, folder);
    List<EngineProcess> started = new ArrayList<>();
    try {
      List<EngineProcess> ours = new ArrayList<>();
      for (int threads : threadCounts) {
        ours.add(started(new EngineProcess(ModelcEngine.NAME, workload, threads, folder), started));
      }
      List<EngineProcess> peers = peers(workload, threadCounts, started);
      peers.forEach(peer -> checkAgreement(workload, ours.get(0), peer));
      List<Row> rows = new ArrayList<>();
      for (EngineProcess our : ours) {
        for (List<EngineProcess> some : opponents(workload, peers)) {
          rows.add(row(workload, our, best(some, our.threads())));
        }
      }
      return rows;
    } catch (EngineFailure e) {
      throw new IllegalStateException(workload.row() + ": " + e.getMessage(), e);
    } finally {
      started.forEach(EngineProcess::close);
    }
  }

  private static EngineProcess started(EngineProcess process, List<EngineProcess> all) {
    all.add(process);
    return process;
  }

  private static List<String> ownOf(List<String> names) {
    return names.stream().filter(UncompressedEngine.NAME::equals).toList();
  }

  private List<EngineProcess> peers(
      Workload workload, List<Integer> threadCounts, List<EngineProcess> started) {
    List<EngineProcess> peers = new ArrayList<>();
    boolean any = withPeers || workload.isCompressed();
    List<String> names = any ? EngineProcess.peers(workload) : List.of();
    for (String name : withPeers ? names : ownOf(names)) {
      for (int threads : threadCounts) {
        try {
          EngineProcess peer = started(new EngineProcess(name, workload, threads, folder), started);
          peer.warm(seconds);
          System.err.printf(
              "%s: %s with %d thread(s): %.4g %s%n",
              workload.row(), name, threads, workload.figure(peer.time(seconds)), workload.unit());
          peers.add(peer);
        } catch (EngineFailure e) {
          System.err.println(workload.row() + ": " + e.getMessage());
        }
      }
    }
    return peers;
  }

  /** Those that share a row: a compressed program stands against each engine in one of its own. */
  private static List<List<EngineProcess>> opponents(Workload workload, List<EngineProcess> peers) {
    return workload.isCompressed() && !peers.isEmpty()
        ? List.copyOf(
            peers.stream()
                .collect(groupingBy(EngineProcess::engine, TreeMap::new, toList()))
                .values())
        : List.of(peers);
  }

  /** The fastest with so many threads or fewer; null without peers. */
  private static EngineProcess best(List<EngineProcess> peers, int threads) {
    return peers.stream()
        .filter(peer -> peer.threads() <= threads)
        .min(Comparator.comparingDouble(EngineProcess::callNanos))
        .orElse(null);
  }

  private static void checkAgreement(Workload workload, EngineProcess ours, EngineProcess peer) {
    double difference = Agreement.difference(ours.outcome(), peer.outcome());
    double tolerance = workload.isCompressed() ? COMPRESSED_TOLERANCE : TOLERANCE;
    if (!(difference <= tolerance)) {
      throw new IllegalStateException(
          workload.row() + ": results of " + peer.engine() + " differ from ours by " + difference);
    }
  }

  private Row row(Workload workload, EngineProcess our, EngineProcess peer) throws EngineFailure {
    our.warm(seconds);
    List<Pair> steady = new ArrayList<>();
    List<Pair> all = new ArrayList<>();
    try (SpeedProbe probe = new SpeedProbe(our.threads())) {
      long end = System.nanoTime() + (long) (seconds * 1e9);
      while (goesOn(steady.size(), all.size(), System.nanoTime() - end)) {
        Pair pair = Pair.measure(our, peer, probe, all.size() % 2 == 0);
        all.add(pair);
        if (pair.unsteadiness() <= STEADY) {
          steady.add(pair);
        }
      }
    }
    if (steady.size() < FEWEST_PAIRS) {
      System.err.println(
          workload.row() + ": the machine is not steady; all " + all.size() + " pairs are taken");
    }
    return row(workload, our, peer, steady.size() < FEWEST_PAIRS ? all : steady, steady.size());
  }

  /**
   * @param late nanoseconds beyond the time for measuring; negative before
   */
  private boolean goesOn(int steady, int attempts, long late) {
    boolean impatient = late > PATIENCE * seconds * 1e9;
    return attempts < FEWEST_PAIRS
        || attempts < MOST_ATTEMPTS && !impatient && (steady < FEWEST_PAIRS || late < 0);
  }

  private static Row row(
      Workload workload, EngineProcess our, EngineProcess peer, List<Pair> pairs, int steady) {
    double ours = median(pairs.stream().map(Pair::ours).toList());
    double theirs = peer == null ? 0 : median(pairs.stream().map(Pair::theirs).toList());
    MedianBound ratio = MedianBound.of(pairs.stream().map(Pair::ratio).toList());
    double peak = median(pairs.stream().map(Pair::peak).toList());
    return new Row(
        workload.row(),
        our.threads(),
        workload.unit(),
        workload.figure(ours),
        peer == null ? "none" : peer.engine() + " (" + peer.threads() + ")",
        peer == null ? 0 : workload.figure(theirs),
        ratio.median(),
        ratio.low(),
        peer == null ? workload.required() : workload.required(peer.engine()),
        peak,
        steady);
  }

  private static double median(List<Double> values) {
    return MedianBound.of(values).median();
  }

  /**
   * Both sides once, with the probe before, between and after.
   *
   * @param ours nanoseconds of our call
   * @param theirs nanoseconds of the peer's; 0 without one
   * @param peak the share of the probe's rate that ours reaches
   * @param unsteadiness the fastest probe over the slowest
   */
  record Pair(double ours, double theirs, double peak, double unsteadiness) {
    static Pair measure(EngineProcess our, EngineProcess peer, SpeedProbe probe, boolean oursFirst)
        throws EngineFailure {
      double before = probe.rate();
      double ours = oursFirst ? our.time(SIDE_SECONDS) : 0;
      double theirs = peer == null ? 0 : peer.time(SIDE_SECONDS);
      double between = probe.rate();
      if (!oursFirst) {
        ours = our.time(SIDE_SECONDS);
      }
      double after = probe.rate();
      double fastest = Math.max(before, Math.max(between, after));
      double slowest = Math.min(before, Math.min(between, after));
      double peak = our.operations() / ours / ((before + between + after) / 3);
      return new Pair(ours, theirs, peak, fastest / slowest);
    }

    double ratio() {
      return theirs / ours;
    }
  }
}
