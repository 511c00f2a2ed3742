// Stands in for NVIDIA's driver (libcuda.so.1): the functions that modelc's launcher calls, from the CUDA Driver API's
// reference. Strict where hardware is forgiving: work in a stream is done when the host waits for it and not before,
// memory is filled with NaN, ends at a page without access, and whatever is used after its end, or outside of a context,
// or not as the reference says, is written down as an ERROR. Kernels run on this machine if the image names a library
// that the fiber shim made; else they are only noted.
//
// Beside the library LIB lie LIB.script, read at its first call, and LIB.log, written call by call. The script:
//   driver 12090        what cuDriverGetVersion says
//   devices 1           how many there are
//   capability 8 6      of all of them
//   memory 1000000      bytes of a device
//   fail cuGraphLaunch 3 719   the third call of a function gives this error
#include "mock_machine.h"

extern "C" {

Result cuInit(unsigned flags) {
  ENTER(false);
  note("cuInit");
  if (flags != 0) {
    return misuse(INVALID_VALUE, "cuInit: flags %u", flags);
  }
  if (devices == 0) {
    return NO_DEVICE;
  }
  initialized = true;
  return SUCCESS;
}

Result cuDriverGetVersion(int *version) {
  ENTER(false);
  *version = driver_version;
  return SUCCESS;
}

Result cuGetErrorName(int status, const char **name) {
  static const std::map<int, const char *> NAMES = {
      {1, "CUDA_ERROR_INVALID_VALUE"}, {2, "CUDA_ERROR_OUT_OF_MEMORY"}, {100, "CUDA_ERROR_NO_DEVICE"},
      {200, "CUDA_ERROR_INVALID_IMAGE"}, {209, "CUDA_ERROR_NO_BINARY_FOR_GPU"}, {218, "CUDA_ERROR_INVALID_PTX"},
      {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"}, {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {719, "CUDA_ERROR_LAUNCH_FAILED"}};
  auto found = NAMES.find(status);
  *name = found == NAMES.end() ? nullptr : found->second;
  return *name == nullptr ? INVALID_VALUE : SUCCESS;
}

Result cuDeviceGetCount(int *count) {
  ENTER(false);
  *count = devices;
  return SUCCESS;
}

Result cuDeviceGet(int *device, int number) {
  ENTER(false);
  *device = number;
  return number >= 0 && number < devices ? SUCCESS : INVALID_DEVICE;
}

Result cuDeviceGetName(char *name, int bytes, int device) {
  ENTER(false);
  snprintf(name, bytes, "Mock %d", device);
  return SUCCESS;
}

Result cuDeviceGetAttribute(int *value, int attribute, int device) {
  ENTER(false);
  if (device < 0 || device >= devices || attribute < 75 || attribute > 76) {
    return misuse(INVALID_VALUE, "cuDeviceGetAttribute: attribute %d of device %d", attribute, device);
  }
  *value = attribute == 75 ? major : minor;
  return SUCCESS;
}

Result cuDevicePrimaryCtxRetain(void **context, int device) {
  ENTER(false);
  note("cuDevicePrimaryCtxRetain %d", device);
  *context = &contexts[device];
  retained[device] = true;
  return SUCCESS;
}

Result cuCtxSetCurrent(void *context) {
  ENTER(false);
  long number = (char *)context - contexts;
  if (context != nullptr && (number < 0 || number >= 16 || !retained[number])) {
    return misuse(INVALID_CONTEXT, "cuCtxSetCurrent: %p is no context", context);
  }
  current = context;
  return SUCCESS;
}

Result cuModuleLoadDataEx(void **result, const void *image, unsigned count, int *options, void **values) {
  ENTER(true);
  const bool is_cubin = memcmp(image, "\177ELF", 4) == 0;
  for (unsigned i = 0; i + 1 < count; i++) {
    if (options[i] == 5 && options[i + 1] == 6) {
      snprintf((char *)values[i], (size_t)values[i + 1], "ptxas is mocked");
    }
  }
  Result status = is_cubin ? takes_cubin((const char *)image) : takes_ptx((const char *)image);
  if (status != SUCCESS) {
    note("cuModuleLoadDataEx: %d", status);
    return status;
  }
  note("cuModuleLoadDataEx of %s", is_cubin ? "machine code" : "PTX");
  Module *module = new Module{std::string((const char *)image, is_cubin ? cubin_bytes((const char *)image) : strlen((const char *)image)), nullptr};
  size_t fiber = module->image.find("// fiber ");
  if (fiber != std::string::npos) {
    std::string path = module->image.substr(fiber + 9, module->image.find('\n', fiber) - fiber - 9);
    module->library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module->library == nullptr) {
      return misuse(INVALID_PTX, "%s", dlerror());
    }
  }
  live[module] = MODULE;
  *result = module;
  return SUCCESS;
}

Result cuModuleUnload(void *module) {
  ENTER(true);
  note("cuModuleUnload");
  if (live[module] != MODULE) {
    return misuse(INVALID_HANDLE, "cuModuleUnload: %p is no module", module);
  }
  live.erase(module);
  return SUCCESS;
}

Result cuModuleGetFunction(void **result, void *handle, const char *name) {
  ENTER(true);
  if (live[handle] != MODULE) {
    return misuse(INVALID_HANDLE, "cuModuleGetFunction: %p is no module", handle);
  }
  Module *module = (Module *)handle;
  // PTX names it before its parameters, a cubin as the section of its code.
  bool found = module->image.find(" " + std::string(name) + "(") != std::string::npos ||
               module->image.find(std::string(".text.") + name + '\0') != std::string::npos;
  if (module->library != nullptr) {
    const int *sizes;
    ArgumentsOf arguments = (ArgumentsOf)dlsym(module->library, "fiber_library_arguments");
    found = arguments(name, &sizes) >= 0;
  }
  *result = found ? new Function{module, name} : nullptr;
  return found ? SUCCESS : misuse(NOT_FOUND, "there is no kernel %s", name);
}

Result cuFuncSetAttribute(void *, int attribute, int value) {
  ENTER(true);
  return attribute == 8 && value <= 227 << 10 ? SUCCESS : misuse(INVALID_VALUE, "cuFuncSetAttribute %d", attribute);
}

Result cuMemGetInfo_v2(size_t *unused, size_t *all) {
  ENTER(true);
  *unused = memory_bytes - memory_used;
  *all = memory_bytes;
  return SUCCESS;
}

Result cuMemAlloc_v2(void **result, size_t bytes) {
  ENTER(true);
  note("cuMemAlloc_v2 %zu", bytes);
  if (bytes == 0) {
    return misuse(INVALID_VALUE, "cuMemAlloc_v2 of nothing");
  }
  Block block = memory_used + bytes > memory_bytes ? Block{nullptr, 0, 0} : new_block(bytes);
  if (block.base == nullptr) {
    return NO_MEMORY;
  }
  memory_used += bytes;
  device_memory[block.base] = block;
  *result = block.base;
  return SUCCESS;
}

static Result release(std::map<char *, Block> &blocks, void *address, const char *function) {
  auto found = blocks.find((char *)address);
  if (found == blocks.end()) {
    return misuse(INVALID_VALUE, "%s: %p was not allocated, or freed before", function, address);
  }
  for (auto &[handle, kind] : live) {
    if (kind == STREAM) {
      for (const Operation &operation : ((Stream *)handle)->waiting) {
        if (touches(operation, found->second)) {
          return misuse(INVALID_VALUE, "%s: %p is in use", function, address);
        }
      }
    }
  }
  note("%s %zu", function, found->second.bytes);
  end_block(found->second);
  blocks.erase(found);
  return SUCCESS;
}

Result cuMemFree_v2(void *address) {
  ENTER(true);
  const Block *block = within(device_memory, address, 1);
  size_t bytes = block == nullptr ? 0 : block->bytes;
  Result status = release(device_memory, address, "cuMemFree_v2");
  memory_used -= status == SUCCESS ? bytes : 0;
  return status;
}

Result cuMemHostAlloc(void **result, size_t bytes, unsigned flags) {
  ENTER(true);
  note("cuMemHostAlloc %zu", bytes);
  Block block = bytes == 0 || flags != 0 ? Block{nullptr, 0, 0} : new_block(bytes);
  if (block.base == nullptr) {
    return misuse(INVALID_VALUE, "cuMemHostAlloc of %zu bytes, flags %u", bytes, flags);
  }
  host_memory[block.base] = block;
  *result = block.base;
  return SUCCESS;
}

Result cuMemFreeHost(void *address) {
  ENTER(true);
  return release(host_memory, address, "cuMemFreeHost");
}

Result cuMemcpyHtoDAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
  ENTER(true);
  return put(stream, copying(Operation::COPY_TO_DEVICE, to, from, bytes), __func__);
}

Result cuMemcpyDtoHAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
  ENTER(true);
  return put(stream, copying(Operation::COPY_TO_HOST, to, from, bytes), __func__);
}

Result cuMemcpyDtoDAsync_v2(void *to, const void *from, size_t bytes, void *stream) {
  ENTER(true);
  return put(stream, copying(Operation::COPY_ON_DEVICE, to, from, bytes), __func__);
}

Result cuStreamCreate(void **result, unsigned flags) {
  ENTER(true);
  note("cuStreamCreate");
  if (flags > 1) {
    return misuse(INVALID_VALUE, "cuStreamCreate: flags %u", flags);
  }
  Stream *stream = new Stream();
  live[stream] = STREAM;
  *result = stream;
  return SUCCESS;
}

Result cuStreamDestroy_v2(void *stream) {
  ENTER(true);
  note("cuStreamDestroy_v2");
  if (live[stream] != STREAM || !((Stream *)stream)->waiting.empty()) {
    return misuse(INVALID_HANDLE, "cuStreamDestroy_v2: %p is no stream, or works still", stream);
  }
  live.erase(stream);
  return SUCCESS;
}

Result cuStreamSynchronize(void *handle) {
  ENTER(true);
  Stream *stream = stream_of(handle);
  if (stream == nullptr || stream->capturing) {
    return misuse(stream == nullptr ? INVALID_HANDLE : CAPTURE_UNSUPPORTED, "cuStreamSynchronize %p", handle);
  }
  std::vector<Operation> operations = std::move(stream->waiting);
  stream->waiting.clear();
  return perform_all(operations);
}

Result cuStreamBeginCapture_v2(void *handle, int mode) {
  ENTER(true);
  note("cuStreamBeginCapture_v2");
  Stream *stream = handle == nullptr ? nullptr : stream_of(handle);
  if (stream == nullptr || stream->capturing || mode < 0 || mode > 2) {
    return misuse(CAPTURE_UNSUPPORTED, "cuStreamBeginCapture_v2 %p, mode %d", handle, mode);
  }
  stream->capturing = true;
  return SUCCESS;
}

Result cuStreamEndCapture(void *handle, void **result) {
  ENTER(true);
  Stream *stream = stream_of(handle);
  if (stream == nullptr || !stream->capturing) {
    return misuse(CAPTURE_INVALIDATED, "cuStreamEndCapture: %p captures nothing", handle);
  }
  stream->capturing = false;
  Graph *graph = new Graph{std::move(stream->captured)};
  stream->captured.clear();
  note("cuStreamEndCapture %zu", graph->nodes.size());
  live[graph] = GRAPH_HANDLE;
  *result = graph;
  return SUCCESS;
}

Result cuGraphInstantiateWithFlags(void **result, void *graph, unsigned long long flags) {
  ENTER(true);
  note("cuGraphInstantiateWithFlags");
  if (live[graph] != GRAPH_HANDLE || flags != 0) {
    return misuse(INVALID_HANDLE, "cuGraphInstantiateWithFlags: %p is no graph", graph);
  }
  Graph *executable = new Graph(*(Graph *)graph);
  live[executable] = EXECUTABLE;
  *result = executable;
  return SUCCESS;
}

static Result destroy(void *handle, int kind, const char *function) {
  note("%s", function);
  if (live[handle] != kind) {
    return misuse(INVALID_HANDLE, "%s: %p is none, or destroyed before", function, handle);
  }
  live.erase(handle);
  return SUCCESS;
}

Result cuGraphDestroy(void *graph) {
  ENTER(true);
  return destroy(graph, GRAPH_HANDLE, __func__);
}

Result cuGraphExecDestroy(void *graph) {
  ENTER(true);
  return destroy(graph, EXECUTABLE, __func__);
}

Result cuGraphLaunch(void *graph, void *stream) {
  ENTER(true);
  note("cuGraphLaunch");
  if (live[graph] != EXECUTABLE) {
    return misuse(INVALID_HANDLE, "cuGraphLaunch: %p is no executable graph", graph);
  }
  Operation operation = {};
  operation.kind = Operation::GRAPH;
  operation.nodes = &((Graph *)graph)->nodes;
  return put(stream, operation, __func__);
}

Result cuLaunchKernel(void *handle, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y,
                      unsigned block_z, unsigned shared, void *stream, void **arguments, void **extra) {
  ENTER(true);
  Function *function = (Function *)handle;
  bool sane = grid_x > 0 && grid_x < 1u << 31 && grid_y > 0 && grid_y < 65536 && grid_z > 0 && grid_z < 65536 &&
              block_x > 0 && (uint64_t)block_x * block_y * block_z <= 1024 && extra == nullptr;
  if (!sane) {
    return misuse(INVALID_VALUE, "cuLaunchKernel %s: grid or block out of bounds", function->name.c_str());
  }
  Operation operation = {};
  operation.kind = Operation::KERNEL;
  operation.function = function;
  const unsigned grid[] = {grid_x, grid_y, grid_z}, block[] = {block_x, block_y, block_z};
  memcpy(operation.grid, grid, sizeof grid);
  memcpy(operation.block, block, sizeof block);
  operation.shared = shared;
  if (function->module->library != nullptr) {
    const int *sizes;
    ArgumentsOf counted = (ArgumentsOf)dlsym(function->module->library, "fiber_library_arguments");
    int count = counted(function->name.c_str(), &sizes);
    for (int i = 0; i < count; i++) {
      operation.arguments.emplace_back((char *)arguments[i], (char *)arguments[i] + sizes[i]);
    }
  }
  return put(stream, operation, __func__);
}
}
