// What stands behind the mock driver's functions (mock_driver.cpp): its script and log, what every call is asked, memory
// that ends at a page without access, and streams' work, done when the host waits for it.
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
       INVALID_IMAGE = 200, INVALID_CONTEXT = 201, NO_BINARY = 209, INVALID_PTX = 218, UNSUPPORTED_PTX = 222, INVALID_HANDLE = 400,
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

// Whether the driver compiles a PTX text for the device.
static Result takes_ptx(const char *text) {
  int version_major, version_minor, architecture;
  const char *version = strstr(text, ".version"), *target = strstr(text, ".target");
  if (version == nullptr || sscanf(version, ".version %d.%d", &version_major, &version_minor) != 2 || target == nullptr ||
      sscanf(target, ".target sm_%d", &architecture) != 1) {
    return INVALID_PTX;
  }
  // PTX 6.3 came with CUDA 10.0, 7.0 to 7.8 with 11.0 to 11.8, 8.0 to 8.5 with 12.0 to 12.5, 8.6 with 12.7, each later one
  // with the next.
  const int before = version_major == 6 ? 3 : 0, left_out = version_major == 8 && version_minor > 5;
  if (1000 * (version_major + 4) + 10 * (version_minor - before + left_out) > driver_version) {
    return UNSUPPORTED_PTX;
  }
  return architecture > 10 * major + minor ? NO_BINARY : SUCCESS;
}

template <typename T>
static T at(const char *image, size_t offset) {
  T value;
  memcpy(&value, image + offset, sizeof value);
  return value;
}

// Where the ELF file ends that a cubin is: after the last of its tables of segments and sections.
static size_t cubin_bytes(const char *image) {
  size_t segments = at<uint64_t>(image, 32) + at<uint16_t>(image, 54) * at<uint16_t>(image, 56);
  size_t sections = at<uint64_t>(image, 40) + at<uint16_t>(image, 58) * at<uint16_t>(image, 60);
  return segments > sections ? segments : sections;
}

// Whether the device runs a cubin: of its major number, and of no higher minor one. Flags have the architecture in their
// lowest byte, from version 8 of the ABI on in the one above (LLVM's ELF.h, EF_CUDA_SM). Cubins of CUDA 12 run with every
// driver of CUDA 12 (CUDA Compatibility, "Minor Version Compatibility").
static Result takes_cubin(const char *image) {
  enum { CUDA_MACHINE = 190, MAJOR_RELEASE = 12000 };
  unsigned flags = at<uint32_t>(image, 48), abi = (unsigned char)image[8];
  int architecture = abi < 8 ? flags & 0xff : flags >> 8 & 0xff;
  if (at<uint16_t>(image, 18) != CUDA_MACHINE || driver_version < MAJOR_RELEASE) {
    return INVALID_IMAGE;
  }
  return architecture / 10 == major && architecture % 10 <= minor ? SUCCESS : NO_BINARY;
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
