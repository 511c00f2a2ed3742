// program CASES RESULTS: runs launches over buffers; FiberProgram.java writes CASES and reads RESULTS (little-endian).
#include "fiber_runtime.h"

static void die(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(2);
}

static const char *cursor;

static int64_t number() {
  int64_t value;
  memcpy(&value, cursor, 8);
  cursor += 8;
  return value;
}

// Aligned to 256; a sanitizer guards its exact end, and without one a page behind it does.
static char *guarded(int64_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  return (char *)fiber_memory(256, bytes);
#else
  int64_t page = 1L << 16, used = (bytes + 255) / 256 * 256, pages = (used + page - 1) / page * page;
  char *start = (char *)mmap(nullptr, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + pages, page, PROT_NONE) != 0) {
    die("memory", "there is none");
  }
  return start + pages - used;
#endif
}

static FiberKernel *kernel_named(const char *name) {
  FiberKernel *kernel = fiber_kernel_named(name);
  if (kernel == nullptr) {
    die(name, "there is no such kernel");
  }
  return kernel;
}

static dim3 read_extent() {
  dim3 result;
  result.x = (unsigned)number();
  result.y = (unsigned)number();
  result.z = (unsigned)number();
  return result;
}

// An argument is bytes, in which the addresses of buffers stand where the case says.
static char *read_argument(const std::vector<char *> &buffers, int expected) {
  int64_t bytes = number();
  char *value = (char *)fiber_memory(16, bytes);
  memcpy(value, cursor, bytes);
  cursor += (bytes + 7) / 8 * 8;
  for (int64_t pointers = number(); pointers > 0; pointers--) {
    int64_t at = number(), buffer = number();
    char *address = buffers[buffer] + number();
    memcpy(value + at, &address, 8);
  }
  if (bytes != expected) {
    fprintf(stderr, "kernel %s takes an argument of %d bytes, was given %d\n", fiber_kernel_name, expected, (int)bytes);
    exit(2);
  }
  return value;
}

static void run_launch(const std::vector<char *> &buffers) {
  int64_t length = number();
  std::vector<char> name(cursor, cursor + length);
  name.push_back(0);
  cursor += (length + 7) / 8 * 8;
  FiberKernel *kernel = kernel_named(name.data());
  fiber_kernel_name = kernel->name;
  fiber_block.grid = read_extent();
  fiber_block.block = read_extent();
  size_t dynamic_bytes = (size_t)number();
  uint64_t seed = (uint64_t)number();
  int64_t count = number();
  if (count != kernel->count) {
    fprintf(stderr, "kernel %s takes %d arguments, was given %d\n", kernel->name, kernel->count, (int)count);
    exit(2);
  }
  std::vector<void *> arguments;
  for (int64_t i = 0; i < count; i++) {
    arguments.push_back(read_argument(buffers, kernel->sizes[i]));
  }
  fiber_run_kernel(kernel, arguments.data(), dynamic_bytes, seed);
  for (void *argument : arguments) {
    free(argument);
  }
}

static char *contents(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == nullptr) {
    die(path, "cannot be opened");
  }
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *bytes = (char *)malloc(size + 1);
  if (fread(bytes, 1, size, file) != (size_t)size) {
    die(path, "cannot be read");
  }
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 3) {
    die("usage", "program CASES RESULTS");
  }
  char *cases = contents(arguments[1]);
  cursor = cases;
  std::vector<char *> buffers;
  std::vector<int64_t> sizes;
  for (int64_t left = number(); left > 0; left--) {
    sizes.push_back(number());
    buffers.push_back(guarded(sizes.back()));
    memcpy(buffers.back(), cursor, sizes.back());
    cursor += (sizes.back() + 7) / 8 * 8;
  }
  for (int64_t left = number(); left > 0; left--) {
    run_launch(buffers);
  }
  FILE *results = fopen(arguments[2], "wb");
  if (results == nullptr) {
    die(arguments[2], "cannot be opened");
  }
  for (size_t i = 0; i < buffers.size(); i++) {
    fwrite(buffers[i], 1, sizes[i], results);
  }
  return fclose(results);
}
