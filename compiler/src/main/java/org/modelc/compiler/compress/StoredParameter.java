package org.modelc.compiler.compress;

/**
 * A line of the table of a compression.
 *
 * @param name the parameter
 * @param shape its type before
 * @param stored how it is stored now: {@code int8}, {@code bf16} or {@code f32}
 * @param bytesBefore as floats
 * @param bytesAfter with its scales
 * @param zeros the share of elements that are 0
 * @param weightError root of the mean squared error over that of the weight
 * @param input what it is multiplied with: {@code floats}, {@code int8 per row}, or the calibrated
 *     range; empty for what is no weight
 * @param inputError root of the mean squared error of the range on calibration rows, over that of
 *     the values; NaN where nothing was calibrated
 */
public record StoredParameter(
    String name,
    String shape,
    String stored,
    long bytesBefore,
    long bytesAfter,
    double zeros,
    double weightError,
    String input,
    double inputError) {}
