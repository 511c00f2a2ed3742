// Runs the programs of a library outside of any JVM: harness LIBRARY CASES RESULTS.
//
// It opens the library as a JVM does, stands in for the few functions of the JNI table that generated code calls, runs
// every case with one worker and with two, and writes what the output buffers hold. CASES and RESULTS are little-endian;
// HarnessCases.java writes and reads them and says what the results must be.
//
// The end of every buffer, rounded up to 64 bytes, is the end of its memory: what goes further faults.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define METHODS "Java_org_modelc_conformance_NativeMethods_"
#define WORKERS 2

// Functions of JNI's table by their number. Source: Java Native Interface Specification, chapter 4.
enum { GET_OBJECT_CLASS = 31, GET_METHOD_ID = 33, CALL_VOID_METHOD_A = 63, EXCEPTION_CHECK = 228, GET_ADDRESS = 230 };

typedef struct {
  const char *data;
  char *memory;
  int64_t bytes;
  int32_t kind, fill, part, buffer, is_result;
} Buffer;

typedef struct {
  int32_t program, dims, buffers;
  int64_t scratch;
  int64_t *dim;
  Buffer *buffer;
} Part;

// What generated code calls; the object and the method are whatever it was given.
static void *environment_table[240];
static void **environment = environment_table;

static void *object_class(void *env, void *object) { return object; }
static void *method_id(void *env, void *type, const char *name, const char *signature) {
  return strcmp(name, "pause") == 0 && strcmp(signature, "(I)V") == 0 ? type : NULL;
}
static void call_void(void *env, void *object, void *method, const int64_t *arguments) { sched_yield(); }
static uint8_t exception_check(void *env) { return 0; }
static void *direct_address(void *env, void *buffer) { return buffer; }

static int32_t (*run)(void *, void *, int32_t, int64_t, int32_t, int32_t);
static int64_t (*address)(void *, void *, void *);

static void die(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(2);
}

// Memory for so many bytes, aligned to 64, with a page behind it that nobody may touch.
static char *guarded(int64_t bytes) {
  int64_t page = 1L << 16, used = (bytes + 63) / 64 * 64, pages = (used + page - 1) / page * page;
  char *start = mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + pages, page, PROT_NONE) != 0) {
    die("memory", "there is none");
  }
  return start + pages - used;
}

static void release(char *memory, int64_t bytes) {
  int64_t page = 1L << 16, used = (bytes + 63) / 64 * 64, pages = (used + page - 1) / page * page;
  munmap(memory + used - pages, pages + page);
}

static const char *cursor;

static int64_t number(void) {
  int64_t value;
  memcpy(&value, cursor, 8);
  cursor += 8;
  return value;
}

static Part read_part(void) {
  Part part;
  part.program = number();
  part.scratch = number();
  part.dims = number();
  part.dim = calloc(part.dims + 1, 8);
  for (int i = 0; i < part.dims; i++) {
    part.dim[i] = number();
  }
  part.buffers = number();
  part.buffer = calloc(part.buffers + 1, sizeof(Buffer));
  for (int i = 0; i < part.buffers; i++) {
    Buffer *buffer = &part.buffer[i];
    buffer->bytes = number();
    buffer->is_result = number();
    buffer->kind = number();
    if (buffer->kind == 0) {
      buffer->data = cursor;
      cursor += buffer->bytes;
    } else if (buffer->kind == 1) {
      buffer->fill = number();
    } else {
      buffer->part = number();
      buffer->buffer = number();
    }
  }
  return part;
}

typedef struct {
  int64_t frame;
  int32_t program, worker, workers, result;
} Call;

static void *work(void *argument) {
  Call *call = argument;
  call->result = run(&environment, &environment, call->program, call->frame, call->worker, call->workers);
  return NULL;
}

static void run_part(Part *parts, int index, int workers) {
  Part *part = &parts[index];
  int64_t *table = (int64_t *)guarded(8 * part->buffers + 8);
  for (int i = 0; i < part->buffers; i++) {
    Buffer *buffer = &part->buffer[i];
    if (buffer->kind == 2) {
      buffer->memory = parts[buffer->part].buffer[buffer->buffer].memory;
    } else {
      buffer->memory = guarded(buffer->bytes);
      if (buffer->kind == 0) {
        memcpy(buffer->memory, buffer->data, buffer->bytes);
      } else {
        memset(buffer->memory, buffer->fill, buffer->bytes);
      }
    }
    table[i] = address(&environment, &environment, buffer->memory);
  }
  char *team = guarded(192 + 64 * workers);
  int64_t scratch[WORKERS];
  for (int i = 0; i < workers; i++) {
    scratch[i] = (int64_t)guarded(part->scratch);
  }
  int64_t frame[4] = {(int64_t)team, (int64_t)part->dim, (int64_t)table, (int64_t)scratch};
  Call call[WORKERS];
  pthread_t thread[WORKERS];
  for (int i = workers - 1; i >= 0; i--) {
    call[i] = (Call){(int64_t)frame, part->program, i, workers, 0};
    if (i > 0 && pthread_create(&thread[i], NULL, work, &call[i]) != 0) {
      die("thread", "cannot be started");
    }
  }
  work(&call[0]);
  for (int i = 1; i < workers; i++) {
    pthread_join(thread[i], NULL);
  }
  for (int i = 0; i < workers; i++) {
    release((char *)scratch[i], part->scratch);
    if (call[i].result != 0) {
      die("program", "a worker failed");
    }
  }
  release(team, 192 + 64 * workers);
  release((char *)table, 8 * part->buffers + 8);
}

static void run_case(Part *parts, int count, int workers, FILE *results) {
  for (int i = 0; i < count; i++) {
    run_part(parts, i, workers);
  }
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < parts[i].buffers; j++) {
      Buffer *buffer = &parts[i].buffer[j];
      if (buffer->is_result) {
        fwrite(buffer->memory, 1, buffer->bytes, results);
      }
    }
  }
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < parts[i].buffers; j++) {
      Buffer *buffer = &parts[i].buffer[j];
      if (buffer->kind != 2) {
        release(buffer->memory, buffer->bytes);
      }
    }
  }
  // What is there is there, should the next case end the process.
  fflush(results);
}

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) {
    die(name, dlerror());
  }
  return found;
}

static char *contents(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    die(path, "cannot be opened");
  }
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *bytes = malloc(size + 1);
  if (fread(bytes, 1, size, file) != (size_t)size) {
    die(path, "cannot be read");
  }
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 4) {
    die("usage", "harness LIBRARY CASES RESULTS");
  }
  environment_table[GET_OBJECT_CLASS] = object_class;
  environment_table[GET_METHOD_ID] = method_id;
  environment_table[CALL_VOID_METHOD_A] = call_void;
  environment_table[EXCEPTION_CHECK] = exception_check;
  environment_table[GET_ADDRESS] = direct_address;
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    die("dlopen", dlerror());
  }
  int32_t (*level)(void *, void *) = symbol(library, METHODS "level");
  void (*select)(void *, void *, int32_t) = symbol(library, METHODS "select");
  run = symbol(library, METHODS "run");
  address = symbol(library, METHODS "address");
  if (level(&environment, &environment) < 1) {
    die("level", "the library says that this machine can run none of its code");
  }
  select(&environment, &environment, 1);
  cursor = contents(arguments[2]);
  FILE *results = fopen(arguments[3], "wb");
  if (results == NULL) {
    die(arguments[3], "cannot be opened");
  }
  int64_t cases = number();
  for (int64_t i = 0; i < cases; i++) {
    int parts = number();
    Part *part = calloc(parts, sizeof(Part));
    for (int j = 0; j < parts; j++) {
      part[j] = read_part();
    }
    for (int workers = 1; workers <= WORKERS; workers++) {
      run_case(part, parts, workers, results);
    }
  }
  return fclose(results);
}
