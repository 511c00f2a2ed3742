package org.modelc.ir.ops;

import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.ir.ops.ScaledDotProductAttention.Attributes;

/** Samples of {@link ScaledDotProductAttentionGradient}; {@code op_samples.py} made the results. */
final class AttentionGradientSamples {
  private static final String SOURCE = "torch 1.13 autograd of scaled_dot_product_attention";

  private AttentionGradientSamples() {}

  static List<Sample<Attributes>> all() {
    return List.of(twoHeads(), causal(), masked());
  }

  private static Sample<Attributes> twoHeads() {
    return Sample.of(
        "two heads",
        new Attributes(2, false, 0),
        List.of(
            SampleValues.spread(1, 2, 3, 4),
            SampleValues.spread(2, 2, 2, 4),
            SampleValues.spread(3, 2, 2, 2),
            SampleValues.spread(4, 2, 3, 2)),
        List.of(
            Array.f32(
                new int[] {2, 3, 4},
                0.029367266080061672,
                -0.033741114219645325,
                0.0843822066543603,
                -0.07344377245842469,
                0.14180936805229227,
                -0.1629299122302933,
                0.021268948170081212,
                -0.018511862296181795,
                -0.20429245017698971,
                0.23471898530973287,
                -0.06433640626653454,
                0.05599650175050227,
                -0.06578425659193465,
                -0.06578425659193465,
                0.7146216419716929,
                -0.6219855031975845,
                0.06873600323966582,
                0.06873600323966582,
                -0.18904253000107463,
                0.16453701685278718,
                0.2332908796437648,
                0.23329087964376483,
                0.04203536018404428,
                -0.03658633201203854),
            Array.f32(
                new int[] {2, 2, 4},
                -0.19971498458377576,
                -0.17364508684650928,
                0.013849034114964812,
                0.004664216660745506,
                0.19971498458377576,
                0.17364508684650934,
                -0.013849034114964819,
                -0.004664216660745485,
                -0.03901699193722202,
                -0.07728594609847958,
                -0.443281901988149,
                0.29921867208279646,
                0.039016991937222016,
                0.0772859460984796,
                0.44328190198814893,
                -0.29921867208279634),
            Array.f32(
                new int[] {2, 2, 2},
                0.000793993624302769,
                0.2551408540987886,
                0.061706006375697314,
                0.1198591459012115,
                -0.3944573626001373,
                0.32688070414290915,
                -0.8242926373998627,
                -1.2331307041429094)),
        SOURCE);
  }

  private static Sample<Attributes> causal() {
    return Sample.of(
        "causal",
        new Attributes(1, true, 0),
        List.of(
            SampleValues.spread(5, 3, 2),
            SampleValues.spread(6, 3, 2),
            SampleValues.spread(7, 3, 3),
            SampleValues.spread(8, 3, 3)),
        List.of(
            Array.f32(
                new int[] {3, 2},
                0,
                0,
                -0.055620682471835034,
                0.1524418704783627,
                0.05817438653027978,
                -0.03087704435903475),
            Array.f32(
                new int[] {3, 2},
                0.0021173866468112423,
                -0.0414807471774727,
                -0.06448995572337586,
                0.026205832301579274,
                0.062372569076564556,
                0.015274914875893362),
            Array.f32(
                new int[] {3, 3},
                1.3361791103799168,
                -0.958902226958554,
                0.6460414485833335,
                0.8699685157926907,
                -0.42076322055224497,
                0.7009800302224614,
                -0.8623976261726074,
                -0.12033455248920102,
                0.6217285211942053)),
        SOURCE);
  }

  private static Sample<Attributes> masked() {
    return Sample.of(
        "a mask",
        new Attributes(2, false, 0),
        List.of(
            SampleValues.spread(9, 2, 4),
            SampleValues.spread(10, 3, 4),
            SampleValues.spread(11, 3, 2),
            SampleValues.spread(12, 2, 2),
            Array.bool(new int[] {2, 3}, 1, 0, 1, 0, 1, 1)),
        List.of(
            Array.f32(
                new int[] {2, 4},
                0.033496181384701736,
                0.03349618138470175,
                0.03662056544222933,
                0.03662056544222937,
                -0.28365596772678825,
                -0.2836559677267881,
                0.04325345889655523,
                -0.04969546341306345),
            Array.f32(
                new int[] {3, 4},
                0.2344732696929123,
                -0.07177753153864662,
                0.11509320567557796,
                -0.21972339265337612,
                0.02626444145618408,
                -0.16809242531957813,
                0.02944916350403759,
                -0.004601431797505873,
                -0.2607377111490964,
                0.23986995685822485,
                -0.14454236917961558,
                0.22432482445088203),
            Array.f32(
                new int[] {3, 2},
                -0.32121550855981623,
                0.2676656908188892,
                -1.052815149834681,
                -0.2173903685960174,
                -0.657219341605503,
                0.2309746777771282)),
        SOURCE);
  }
}
