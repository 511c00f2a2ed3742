package org.modelc.runtime.cuda;

import org.modelc.runtime.ModelcException;

/** The driver refused a call, or the device failed. */
final class DriverException extends ModelcException {
  /** {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  static final int OUT_OF_MEMORY = 2;

  /** {@code CUDA_ERROR_INVALID_IMAGE}. */
  static final int INVALID_IMAGE = 200;

  /** {@code CUDA_ERROR_NO_BINARY_FOR_GPU}. */
  static final int NO_BINARY = 209;

  /** {@code CUDA_ERROR_INVALID_PTX}. */
  static final int INVALID_PTX = 218;

  /** {@code CUDA_ERROR_UNSUPPORTED_PTX_VERSION}. */
  static final int UNSUPPORTED_PTX = 222;

  private static final long serialVersionUID = 1;

  private final int status;

  DriverException(int status, String message, String hint) {
    super(message, hint);
    this.status = status;
  }

  /** The driver's number of the error ({@code CUresult}). */
  int status() {
    return status;
  }

  /** Whether an image is none that the driver or the device is for. */
  static boolean isOfImage(int status) {
    return status == INVALID_IMAGE || status == NO_BINARY || status == UNSUPPORTED_PTX;
  }

  /**
   * Whether no further call of the process to this device can succeed. Source: CUDA Driver API,
   * "CUresult": "This leaves the process in an inconsistent state".
   */
  static boolean isLost(int status) {
    return switch (status) {
      case 46, // CUDA_ERROR_DEVICE_UNAVAILABLE
          214, // CUDA_ERROR_ECC_UNCORRECTABLE
          220, // CUDA_ERROR_NVLINK_UNCORRECTABLE
          226, // CUDA_ERROR_CONTAINED
          700, // CUDA_ERROR_ILLEGAL_ADDRESS
          702, // CUDA_ERROR_LAUNCH_TIMEOUT
          709, // CUDA_ERROR_CONTEXT_IS_DESTROYED
          710, // CUDA_ERROR_ASSERT
          714, // CUDA_ERROR_HARDWARE_STACK_ERROR
          715, // CUDA_ERROR_ILLEGAL_INSTRUCTION
          716, // CUDA_ERROR_MISALIGNED_ADDRESS
          717, // CUDA_ERROR_INVALID_ADDRESS_SPACE
          718, // CUDA_ERROR_INVALID_PC
          719, // CUDA_ERROR_LAUNCH_FAILED
          999 -> // CUDA_ERROR_UNKNOWN
          true;
      default -> false;
    };
  }
}
