package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.ops.ScaledDotProductAttention.Attributes;

/** Samples of {@link ScaledDotProductAttention}; {@code op_samples.py} made the results. */
final class AttentionSamples {
  private static final String SOURCE = "torch 1.13 scaled_dot_product_attention";

  private AttentionSamples() {}

  static List<Sample<Attributes>> all() {
    return List.of(
        oneHead(), causalHeads(), masked(), causalOfTheLastTwo(), nothingVisible(), scaled());
  }

  private static Sample<Attributes> oneHead() {
    return Sample.of(
        "one head",
        new Attributes(1, false, 0),
        List.of(
            SampleValues.spread(1, 2, 3, 4),
            SampleValues.spread(2, 2, 5, 4),
            SampleValues.spread(3, 2, 5, 3)),
        List.of(
            Array.f32(
                new int[] {2, 3, 3},
                0.14116670947426452,
                0.17597055435259684,
                -0.7025832905257354,
                0.25844793530610694,
                1.2040317543035939,
                -0.5853020646938931,
                0.17755044297704148,
                0.10285531980638196,
                -0.6661995570229585,
                -0.34791276390186776,
                -0.37514072423469363,
                0.7811092757653063,
                -0.9067026062682704,
                -0.11528009052828957,
                1.0409699094717104,
                -0.37694759740093925,
                -0.3435887122260583,
                0.8126612877739416)),
        SOURCE);
  }

  private static Sample<Attributes> causalHeads() {
    return Sample.of(
        "two heads, causal",
        new Attributes(2, true, 0),
        List.of(
            SampleValues.spread(4, 1, 5, 6),
            SampleValues.spread(5, 1, 5, 6),
            SampleValues.spread(6, 1, 5, 4)),
        List.of(
            Array.f32(
                new int[] {1, 5, 4},
                0.5,
                -1.5,
                -0.34375,
                0.8125,
                -1.0329935449740624,
                -0.16572784048553818,
                0.3122542449075223,
                0.058792995212633925,
                -0.3442685803171477,
                0.5916206843055147,
                0.4749300103309028,
                -0.16273834112648872,
                -1.1096522010128569,
                -0.20655161280625162,
                0.19559171438937917,
                -0.22628328561062083,
                -0.947468873656739,
                -0.08153278294685848,
                -0.4272041363044705,
                0.24565795168472546)),
        SOURCE);
  }

  private static Sample<Attributes> masked() {
    return Sample.of(
        "a mask for all queries",
        new Attributes(3, false, 0),
        List.of(
            SampleValues.spread(7, 2, 3, 6),
            SampleValues.spread(8, 2, 4, 6),
            SampleValues.spread(9, 2, 4, 6),
            Array.bool(new int[] {2, 1, 4}, 1, 0, 1, 1, 0, 1, 0, 0)),
        List.of(
            Array.f32(
                new int[] {2, 3, 6},
                1.2444044201790638,
                -0.19510576965544685,
                0.14266442824551173,
                -0.7227109473889787,
                -0.10890732060523944,
                0.416482857718341,
                1.2584205520103626,
                -0.17872889579517628,
                -0.670024003784724,
                -0.0654646785665143,
                -0.23278977929041067,
                0.45005099265772613,
                0.06652437056792981,
                0.8520890306623072,
                -0.14502621058536025,
                -0.45994026896236667,
                -0.35444215167053794,
                0.45590764194298605,
                1.5,
                -0.5,
                0.65625,
                -1.34375,
                -0.1875,
                0.96875,
                1.5,
                -0.5,
                0.65625,
                -1.34375,
                -0.1875,
                0.96875,
                1.5,
                -0.5,
                0.65625,
                -1.34375,
                -0.1875,
                0.96875)),
        SOURCE);
  }

  /** Rows 2 and 3 of four causal queries. */
  private static Sample<Attributes> causalOfTheLastTwo() {
    Array four = SampleValues.spread(10, 4, 3);
    Array queries = Array.f32(new int[] {2, 3}, java.util.Arrays.copyOfRange(four.data(), 6, 12));
    return Sample.of(
        "the last two queries, causal",
        new Attributes(1, true, 0),
        List.of(queries, SampleValues.spread(11, 4, 3), SampleValues.spread(12, 4, 3)),
        List.of(
            Array.f32(
                new int[] {2, 3},
                -0.16951918639116112,
                0.9867308136088389,
                -1.0132691863911611,
                -0.02381781262400584,
                1.1324321873759942,
                -0.8675678126240058)),
        SOURCE);
  }

  private static Sample<Attributes> nothingVisible() {
    return Sample.of(
        "a query that sees nothing",
        new Attributes(1, false, 0),
        List.of(
            Array.f32(new int[] {2, 1}, 1, 2),
            Array.f32(new int[] {2, 1}, 0, 0),
            Array.f32(new int[] {2, 1}, 3, 5),
            Array.bool(new int[] {2, 2}, 0, 0, 1, 1)),
        List.of(Array.f32(new int[] {2, 1}, 0, 4)),
        "by hand");
  }

  /** exp(2 · ln 3 · ½) = 3, so the keys' shares are ¾ and ¼. */
  private static Sample<Attributes> scaled() {
    return Sample.of(
        "scale",
        new Attributes(1, false, 0.5),
        List.of(
            Array.f32(new int[] {1, 1}, 2),
            Array.f32(new int[] {2, 1}, Math.log(3), 0),
            Array.f32(new int[] {2, 1}, 1, 5)),
        List.of(Array.f32(new int[] {1, 1}, 2)),
        "by hand");
  }
}
