package org.modelc.passes;

import java.util.*;
import java.lang.management.*;
import org.modelc.ir.graph.Graph;

class Profile {
  public static void main(String[] args) throws Exception {
    Thread main = Thread.currentThread();
    Map<String, Integer> top = new HashMap<>(); Map<String, Integer> incl = new HashMap<>();
    boolean[] stop = {false};
    Thread s = new Thread(() -> { while (!stop[0]) { try { Thread.sleep(2);} catch (Exception e) {} 
      StackTraceElement[] st = main.getStackTrace(); if (st.length == 0) continue;
      top.merge(st[0].getClassName()+"."+st[0].getMethodName(), 1, Integer::sum);
      Set<String> seen = new HashSet<>();
      for (StackTraceElement e : st) if (e.getClassName().contains("modelc") && seen.add(e.getClassName()+"."+e.getMethodName())) incl.merge(e.getClassName()+"."+e.getMethodName(), 1, Integer::sum); } });
    s.setDaemon(true);
    ThreadMXBean mx = ManagementFactory.getThreadMXBean();
    int n = Integer.parseInt(args[0]);
    for (int i = 0; i < n; i++) {
      if (i == n / 2) s.start();
      long c = mx.getCurrentThreadCpuTime();
      Graph g = SampleNets.step(SampleNets.cnn(28, 16, 10, true), SampleNets.minimize("adam", Map.of()));
      long c1 = mx.getCurrentThreadCpuTime();
      Map<String, Long> cpu = new LinkedHashMap<>(); long[] last = {c1};
      Pipeline.TRAINING.compile(g, Target.PLAIN, r -> { long now = mx.getCurrentThreadCpuTime(); cpu.merge(r.pass(), (now - last[0]) / 1000, Long::sum); last[0] = now; });
      System.out.println("cpu us: build " + (c1 - c) / 1000 + " " + cpu);
    }
    stop[0] = true;
    for (var m : List.of(top, incl)) { System.out.println("---"); m.entrySet().stream().sorted((a, b) -> b.getValue() - a.getValue()).limit(28).forEach(e -> System.out.println(e.getValue() + " " + e.getKey())); }
  }
}
