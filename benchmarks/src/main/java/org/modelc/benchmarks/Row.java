package org.modelc.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import org.modelc.runtime.spec.Json;

/**
 * One line of the benchmark's output.
 *
 * @param row its name
 * @param threads workers
 * @param unit of {@code ours} and {@code theirs}
 * @param peer what it is compared with
 * @param ratio more than 1 means that ours is better than the peer
 * @param ratioLow the lower 95 % bound of the median ratio
 * @param required the least ratio that the project promises
 */
record Row(
    String row,
    int threads,
    String unit,
    double ours,
    String peer,
    double theirs,
    double ratio,
    double ratioLow,
    double required) {
  String json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("row", row);
    object.put("threads", threads);
    object.put("unit", unit);
    object.put("ours", ours);
    object.put("peer", peer);
    object.put("theirs", theirs);
    object.put("ratio", ratio);
    object.put("ratio_low", ratioLow);
    object.put("required", required);
    return Json.write(object);
  }

  String text() {
    return String.format(
        java.util.Locale.ROOT,
        "%-22s %d thread%s  %8.2f %-8s  %s %.2f  ratio %.3f (low %.3f, required %.2f)",
        row,
        threads,
        threads == 1 ? " " : "s",
        ours,
        unit,
        peer,
        theirs,
        ratio,
        ratioLow,
        required);
  }
}
