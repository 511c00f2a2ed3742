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
#include <dlfcn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <map>
#include <mutex>
#include <string>
#include <vector>

typedef int Result;
enum { SUCCESS = 0, INVALID_VALUE = 1, NO_MEMORY = 2, NOT_INITIALIZED = 3, NO_DEVICE = 100, INVALID_DEVICE = 101,
       INVALID_CONTEXT = 201, NO_BINARY = 209, INVALID_PTX = 218, UNSUPPORTED_PTX = 222, INVALID_HANDLE = 400,
       NOT_FOUND = 500, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901 };

struct Failure { std::string function; int call; int status; };
struct Block { char *base; size_t mapped, bytes; };
struct Module { std::string image; void *library; };
struct Function { Module *module; std::string name; };
// An operation of a stream, or a node of a graph; a kernel's arguments are copied when it is launched.
struct Operation {
  enum Kind { COPY_TO_DEVICE, COPY_TO_HOST, COPY_ON_DEVICE, KERNEL, GRAPH } kind;
  char *to, *from;
  size_t bytes;
  Function *function;
  unsigned grid[3], block[3], shared;
  std::vector<std::vector<char>> arguments;
  std::vector<Operation> *nodes;
};
struct Stream { std::vector<Operation> waiting; bool capturing; int mode; std::vector<Operation> captured; };
struct Graph { std::vector<Operation> nodes; };

static std::recursive_mutex lock_all;
static FILE *log_file;
static std::vector<Failure> failures;
static std::map<std::string, int> calls;
static int driver_version = 12090, devices = 1, major = 8, minor = 6, sticky;
static size_t memory_bytes = (size_t)8 << 30, memory_used;
static bool initialized;
static thread_local void *current;
static char contexts[16];
static bool retained[16];
static std::map<char *, Block> device_memory, host_memory;
static std::map<void *, int> live;  // handles, by kind
enum Kind { MODULE = 1, STREAM, GRAPH_HANDLE, EXECUTABLE };

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(log_file, format, arguments);
  va_end(arguments);
  fputc('\n', log_file);
  fflush(log_file);
}

static void read_script(const char *path) {
  FILE *script = fopen(path, "r");
  if (script == nullptr) {
    return;
  }
  char line[256], name[128];
  while (fgets(line, sizeof line, script) != nullptr) {
    int number, status;
    size_t bytes;
    if (sscanf(line, "driver %d", &number) == 1) {
      driver_version = number;
    } else if (sscanf(line, "devices %d", &number) == 1) {
      devices = number;
    } else if (sscanf(line, "capability %d %d", &major, &minor) == 2) {
    } else if (sscanf(line, "memory %zu", &bytes) == 1) {
      memory_bytes = bytes;
    } else if (sscanf(line, "fail %127s %d %d", name, &number, &status) == 3) {
      failures.push_back({name, number, status});
    } else {
      note("ERROR the script has a line that nobody knows: %s", line);
    }
  }
  fclose(script);
}

static void begin() {
  if (log_file == nullptr) {
    Dl_info own;
    dladdr((void *)&begin, &own);
    std::string path = own.dli_fname;
    log_file = fopen((path + ".log").c_str(), "w");
    read_script((path + ".script").c_str());
  }
}

static Result misuse(Result status, const char *format, ...) __attribute__((format(printf, 2, 3)));
static Result misuse(Result status, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  note("ERROR %s", text);
  return status;
}

// What is asked of every call: the library is there, the script wants no failure, nothing failed for good.
static Result entry(const char *function, bool needs_context) {
  begin();
  int number = ++calls[function];
  for (const Failure &failure : failures) {
    if (failure.function == function && failure.call == number) {
      note("%s fails with %d", function, failure.status);
      if (failure.status >= 700 || failure.status == 46 || failure.status == 214) {
        sticky = failure.status;
      }
      return failure.status;
    }
  }
  if (sticky != 0 && needs_context) {
    return sticky;
  }
  if (!initialized && strcmp(function, "cuInit") != 0 && strcmp(function, "cuDriverGetVersion") != 0) {
    return misuse(NOT_INITIALIZED, "%s before cuInit", function);
  }
  if (needs_context && current == nullptr) {
    return misuse(INVALID_CONTEXT, "%s without a context", function);
  }
  return SUCCESS;
}

#define ENTER(context)                                              \
  std::lock_guard<std::recursive_mutex> held(lock_all);             \
  {                                                                 \
    Result status = entry(__func__, context);                       \
    if (status != SUCCESS) {                                        \
      return status;                                                \
    }                                                               \
  }

// The block that a range lies in, or null.
static const Block *within(const std::map<char *, Block> &blocks, const void *address, size_t bytes) {
  auto after = blocks.upper_bound((char *)address);
  if (after == blocks.begin()) {
    return nullptr;
  }
  const Block &block = std::prev(after)->second;
  return (char *)address + bytes <= block.base + block.bytes ? &block : nullptr;
}

// Ends, but for alignment, at a page without access, and is NaN in every floating type.
static Block new_block(size_t bytes) {
  size_t page = 4096, used = (bytes + 255) / 256 * 256, pages = (used + page - 1) / page * page;
  char *start = (char *)mmap(nullptr, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + pages, page, PROT_NONE) != 0) {
    return {nullptr, 0, 0};
  }
  char *base = start + pages - used;
  memset(base, 0xff, bytes);
  return {base, pages + page, bytes};
}

static void end_block(const Block &block) {
  size_t used = (block.bytes + 255) / 256 * 256;
  munmap(block.base + used + 4096 - block.mapped, block.mapped);
}

static bool touches(const Operation &operation, const Block &block) {
  auto in = [&block](const void *address) { return address >= block.base && address < block.base + block.bytes; };
  if (operation.kind == Operation::KERNEL) {
    for (const std::vector<char> &argument : operation.arguments) {
      void *address;
      if (argument.size() == 8 && (memcpy(&address, argument.data(), 8), in(address))) {
        return true;
      }
    }
    return false;
  }
  return operation.kind != Operation::GRAPH && (in(operation.to) || in(operation.from));
}

static Result perform(const Operation &operation);

static Result perform_all(const std::vector<Operation> &operations) {
  for (const Operation &operation : operations) {
    Result status = perform(operation);
    if (status != SUCCESS) {
      return status;
    }
  }
  return SUCCESS;
}

typedef int (*ArgumentsOf)(const char *, const int **);
typedef void (*Run)(const char *, const unsigned *, const unsigned *, size_t, void *const *);

static Result run_kernel(const Operation &operation) {
  const Function *function = operation.function;
  const unsigned *grid = operation.grid, *block = operation.block;
  note("kernel %s <<<(%u, %u, %u), %u, %u>>>", function->name.c_str(), grid[0], grid[1], grid[2], block[0],
       operation.shared);
  std::vector<void *> arguments;
  for (const std::vector<char> &argument : operation.arguments) {
    void *address;
    memcpy(&address, argument.data(), argument.size() == 8 ? 8 : 0);
    if (argument.size() == 8 && within(device_memory, address, 1) == nullptr) {
      return misuse(sticky = 700, "kernel %s: argument %zu, %p, is no memory of the device", function->name.c_str(),
                    arguments.size(), address);
    }
    arguments.push_back((void *)argument.data());
  }
  if (function->module->library != nullptr) {
    Run run = (Run)dlsym(function->module->library, "fiber_library_run");
    run(function->name.c_str(), grid, block, operation.shared, arguments.data());
  }
  return SUCCESS;
}

static Result copy(const Operation &operation, bool to_device, bool from_device, const char *what) {
  note("%s %zu", what, operation.bytes);
  if (to_device && within(device_memory, operation.to, operation.bytes) == nullptr) {
    return misuse(INVALID_VALUE, "%s: %p is no memory of the device for %zu bytes", what, operation.to, operation.bytes);
  }
  if (from_device && within(device_memory, operation.from, operation.bytes) == nullptr) {
    return misuse(INVALID_VALUE, "%s: %p is no memory of the device of %zu bytes", what, operation.from, operation.bytes);
  }
  if ((!to_device && within(device_memory, operation.to, 1)) || (!from_device && within(device_memory, operation.from, 1))) {
    return misuse(INVALID_VALUE, "%s: memory of the device where the host's is wanted", what);
  }
  memmove(operation.to, operation.from, operation.bytes);
  return SUCCESS;
}

static Result perform(const Operation &operation) {
  switch (operation.kind) {
    case Operation::COPY_TO_DEVICE: return copy(operation, true, false, "copy to device");
    case Operation::COPY_TO_HOST: return copy(operation, false, true, "copy to host");
    case Operation::COPY_ON_DEVICE: return copy(operation, true, true, "copy on device");
    case Operation::KERNEL: return run_kernel(operation);
    case Operation::GRAPH: return perform_all(*operation.nodes);
  }
  return INVALID_VALUE;
}

static Stream default_stream;

static Stream *stream_of(void *handle) {
  return handle == nullptr ? &default_stream : live.count(handle) && live[handle] == STREAM ? (Stream *)handle : nullptr;
}

static Result put(void *handle, Operation operation, const char *function) {
  Stream *stream = stream_of(handle);
  if (stream == nullptr) {
    return misuse(INVALID_HANDLE, "%s: %p is no stream", function, handle);
  }
  (stream->capturing ? stream->captured : stream->waiting).push_back(std::move(operation));
  return SUCCESS;
}

static Operation copying(Operation::Kind kind, void *to, const void *from, size_t bytes) {
  Operation operation = {};
  operation.kind = kind;
  operation.to = (char *)to;
  operation.from = (char *)from;
  operation.bytes = bytes;
  return operation;
}

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
      {209, "CUDA_ERROR_NO_BINARY_FOR_GPU"}, {218, "CUDA_ERROR_INVALID_PTX"},
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
  note("cuModuleLoadDataEx");
  const char *text = (const char *)image;
  int version_major, version_minor, architecture;
  const char *version = strstr(text, ".version"), *target = strstr(text, ".target");
  for (unsigned i = 0; i + 1 < count; i++) {
    if (options[i] == 5 && options[i + 1] == 6) {
      snprintf((char *)values[i], (size_t)values[i + 1], "ptxas is mocked");
    }
  }
  if (version == nullptr || sscanf(version, ".version %d.%d", &version_major, &version_minor) != 2 || target == nullptr ||
      sscanf(target, ".target sm_%d", &architecture) != 1) {
    return INVALID_PTX;
  }
  // PTX 8.0 to 8.5 came with CUDA 12.0 to 12.5, 8.6 with 12.7, each later one with the next.
  if (1000 * (version_major + 4) + 10 * (version_minor + (version_minor > 5)) > driver_version) {
    return UNSUPPORTED_PTX;
  }
  if (architecture > 10 * major + minor) {
    return NO_BINARY;
  }
  Module *module = new Module{text, nullptr};
  const char *fiber = strstr(text, "// fiber ");
  if (fiber != nullptr) {
    std::string path(fiber + 9, strcspn(fiber + 9, "\n"));
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
  bool found = strstr(module->image.c_str(), (" " + std::string(name) + "(").c_str()) != nullptr;
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
