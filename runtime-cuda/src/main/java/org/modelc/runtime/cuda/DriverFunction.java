package org.modelc.runtime.cuda;

/** The functions of the driver that are called, by the names that its library has for them. */
enum DriverFunction {
  INIT("cuInit"),
  DRIVER_GET_VERSION("cuDriverGetVersion"),
  GET_ERROR_NAME("cuGetErrorName"),
  DEVICE_GET_COUNT("cuDeviceGetCount"),
  DEVICE_GET("cuDeviceGet"),
  DEVICE_GET_NAME("cuDeviceGetName"),
  DEVICE_GET_ATTRIBUTE("cuDeviceGetAttribute"),
  PRIMARY_CONTEXT_RETAIN("cuDevicePrimaryCtxRetain"),
  CONTEXT_SET_CURRENT("cuCtxSetCurrent"),
  MODULE_LOAD_DATA("cuModuleLoadDataEx"),
  MODULE_UNLOAD("cuModuleUnload"),
  MODULE_GET_FUNCTION("cuModuleGetFunction"),
  FUNCTION_SET_ATTRIBUTE("cuFuncSetAttribute"),
  MEMORY_GET_INFO("cuMemGetInfo_v2"),
  MEMORY_ALLOCATE("cuMemAlloc_v2"),
  MEMORY_FREE("cuMemFree_v2"),
  HOST_ALLOCATE("cuMemHostAlloc"),
  HOST_FREE("cuMemFreeHost"),
  COPY_TO_DEVICE("cuMemcpyHtoDAsync_v2"),
  COPY_TO_HOST("cuMemcpyDtoHAsync_v2"),
  COPY_ON_DEVICE("cuMemcpyDtoDAsync_v2"),
  STREAM_CREATE("cuStreamCreate"),
  STREAM_DESTROY("cuStreamDestroy_v2"),
  STREAM_SYNCHRONIZE("cuStreamSynchronize"),
  STREAM_BEGIN_CAPTURE("cuStreamBeginCapture_v2"),
  STREAM_END_CAPTURE("cuStreamEndCapture"),
  GRAPH_INSTANTIATE("cuGraphInstantiateWithFlags"),
  GRAPH_DESTROY("cuGraphDestroy"),
  GRAPH_LAUNCH("cuGraphLaunch"),
  GRAPH_EXECUTABLE_DESTROY("cuGraphExecDestroy"),
  LAUNCH_KERNEL("cuLaunchKernel");

  /**
   * The release of CUDA whose drivers have them all: {@link #GRAPH_INSTANTIATE} came with it.
   * Source: CUDA Driver API, release notes of 11.4.
   */
  static final int RELEASE = 11040;

  private final String symbol;

  DriverFunction(String symbol) {
    this.symbol = symbol;
  }

  String symbol() {
    return symbol;
  }

  /** All of them, in order. */
  static String[] symbols() {
    DriverFunction[] all = values();
    String[] symbols = new String[all.length];
    for (int i = 0; i < all.length; i++) {
      symbols[i] = all[i].symbol;
    }
    return symbols;
  }
}
