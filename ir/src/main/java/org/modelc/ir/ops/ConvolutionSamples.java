package org.modelc.ir.ops;

import java.util.ArrayList;
import java.util.List;
import org.modelc.ir.interpreter.Array;
import org.modelc.ir.op.Sample;
import org.modelc.ir.op.SampleValues;
import org.modelc.runtime.spec.Dim;

/** The samples of {@link Convolution}. */
final class ConvolutionSamples {
  private ConvolutionSamples() {}

  private static Convolution.Attributes attributes(
      int stride, int low, int high, int inputDilation, int kernelDilation, int groups) {
    return new Convolution.Attributes(
        List.of(stride),
        List.of(Dim.constant(low)),
        List.of(Dim.constant(high)),
        List.of(inputDilation),
        List.of(kernelDilation),
        groups);
  }

  static List<Sample<Convolution.Attributes>> all() {
    List<Sample<Convolution.Attributes>> samples = new ArrayList<>();
    samples.add(
        Sample.of(
            "edges of a row",
            attributes(1, 0, 0, 1, 1, 1),
            List.of(
                Array.f32(new int[] {1, 1, 4}, 1, 3, 6, 10), Array.f32(new int[] {1, 1, 2}, -1, 1)),
            List.of(Array.f32(new int[] {1, 1, 3}, 2, 3, 4)),
            "by hand"));
    samples.add(
        Sample.of(
            "padded plane",
            attributes(1, 1, 1, 1, 1, 1),
            List.of(SampleValues.spread(1, 2, 2, 3, 3), SampleValues.spread(2, 2, 2, 3, 3)),
            List.of(
                Array.f32(
                    new int[] {2, 2, 3, 3},
                    -2.7978515625,
                    -1.623046875,
                    2.384765625,
                    -4.6962890625,
                    6.0166015625,
                    -0.814453125,
                    -2.10546875,
                    10.318359375,
                    -2.1123046875,
                    0.814453125,
                    2.0576171875,
                    -3.98046875,
                    3.30078125,
                    -2.5703125,
                    -5.564453125,
                    5.109375,
                    -4.4169921875,
                    -2.310546875,
                    3.73828125,
                    -4.6787109375,
                    0.552734375,
                    -0.03515625,
                    -7.4404296875,
                    3.1796875,
                    -2.4267578125,
                    -4.404296875,
                    5.078125,
                    -3.7802734375,
                    2.2294921875,
                    1.1064453125,
                    -4.6904296875,
                    6.7158203125,
                    -0.216796875,
                    -2.298828125,
                    9.9296875,
                    -2.20703125)),
            "torch 1.13 conv2d"));
    samples.add(
        Sample.of(
            "strides, dilation and groups",
            attributes(2, 2, 2, 1, 2, 2),
            List.of(SampleValues.spread(3, 1, 4, 6, 5), SampleValues.spread(4, 2, 2, 3, 3)),
            List.of(
                Array.f32(
                    new int[] {1, 2, 3, 3},
                    -2.7978515625,
                    -0.37890625,
                    0.23828125,
                    0.8046875,
                    2.67578125,
                    1.736328125,
                    -0.83984375,
                    1.89453125,
                    -0.365234375,
                    2.1123046875,
                    -0.69140625,
                    1.947265625,
                    2.44921875,
                    -3.0205078125,
                    0.3544921875,
                    0.51953125,
                    -3.744140625,
                    -2.009765625)),
            "torch 1.13 conv2d"));
    samples.add(
        Sample.of(
            "volume",
            attributes(1, 0, 0, 1, 1, 1),
            List.of(SampleValues.spread(5, 1, 1, 3, 2, 3), SampleValues.spread(6, 2, 1, 2, 2, 2)),
            List.of(
                Array.f32(
                    new int[] {1, 2, 2, 1, 2},
                    -2.162109375,
                    2.1201171875,
                    -1.916015625,
                    -0.3955078125,
                    1.9462890625,
                    0.654296875,
                    -5.509765625,
                    -0.2919921875)),
            "torch 1.13 conv3d"));
    samples.add(
        Sample.of(
            "transposed, by dilation of the input",
            attributes(1, 1, 1, 2, 1, 1),
            List.of(SampleValues.spread(7, 1, 2, 3), SampleValues.spread(8, 1, 2, 3)),
            List.of(
                Array.f32(
                    new int[] {1, 1, 5},
                    -1.263671875,
                    1.78515625,
                    1.361328125,
                    -2.43359375,
                    -0.15625)),
            "torch 1.13 conv_transpose1d, kernel turned around"));
    derived(samples);
    return samples;
  }

  private static void derived(List<Sample<Convolution.Attributes>> samples) {
    samples.add(
        Sample.of(
            "rest of the strides, more padding after than before",
            attributes(3, 0, 1, 1, 1, 1),
            List.of(SampleValues.spread(1, 2, 1, 7, 6), SampleValues.spread(2, 1, 1, 3, 2))));
    samples.add(
        Sample.of(
            "depthwise",
            attributes(1, 1, 1, 1, 1, 3),
            List.of(SampleValues.spread(1, 2, 3, 3, 3), SampleValues.spread(2, 3, 1, 3, 3))));
    samples.add(
        Sample.of(
            "window of one",
            attributes(2, 0, 0, 1, 1, 1),
            List.of(SampleValues.spread(1, 1, 3, 3, 5), SampleValues.spread(2, 2, 3, 1, 1))));
    samples.add(
        Sample.of(
            "depthwise, with strides over an uneven picture",
            attributes(2, 1, 1, 1, 1, 3),
            List.of(SampleValues.spread(1, 2, 3, 7, 6), SampleValues.spread(2, 3, 1, 3, 3))));
    samples.add(
        Sample.of(
            "window shorter than the strides",
            attributes(3, 1, 0, 1, 1, 1),
            List.of(SampleValues.spread(1, 2, 2, 8, 6), SampleValues.spread(2, 3, 2, 2, 1))));
    samples.add(
        Sample.of(
            "strides of a dilated input under a dilated kernel",
            attributes(2, 2, 1, 3, 2, 1),
            List.of(SampleValues.spread(1, 1, 2, 4, 3), SampleValues.spread(2, 2, 2, 3, 2))));
    samples.add(
        Sample.of(
            "transposed, more zeros between than the kernel is long, cropped",
            attributes(1, -1, -2, 3, 1, 2),
            List.of(SampleValues.spread(1, 2, 4, 5, 4), SampleValues.spread(2, 2, 2, 2, 2))));
    samples.add(
        Sample.of(
            "many zeros between elements of a plane",
            attributes(1, 1, 2, 4, 1, 1),
            List.of(SampleValues.spread(1, 1, 1, 3, 2), SampleValues.spread(2, 1, 1, 2, 3))));
    samples.add(
        Sample.of(
            "one channel in two groups, cropped",
            attributes(1, -1, 2, 1, 2, 2),
            List.of(SampleValues.spread(1, 1, 2, 7), SampleValues.spread(2, 4, 1, 3))));
  }
}
