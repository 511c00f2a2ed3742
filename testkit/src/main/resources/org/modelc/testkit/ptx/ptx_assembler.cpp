// ptx_assembler LIBRARY sm_NN FILE: assembles a PTX text by NVIDIA's nvJitLink, loaded from LIBRARY, and throws the
// machine code away. Ends with status 0 if the assembler takes it, and writes what it says. Source: nvJitLink's reference.
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using Handle = void *;
constexpr int PTX = 2;

template <typename Function>
Function *function(void *library, const char *name) {
  // Names have the release whose interface they keep to.
  std::string symbol = std::string("__") + name + "_12_0";
  void *found = dlsym(library, symbol.c_str());
  if (found == nullptr) {
    std::printf("no function %s\n", symbol.c_str());
    std::exit(2);
  }
  return reinterpret_cast<Function *>(found);
}

}  // namespace

int main(int count, char **given) {
  if (count != 4) {
    return 2;
  }
  void *library = dlopen(given[1], RTLD_NOW);
  if (library == nullptr) {
    std::printf("%s\n", dlerror());
    return 2;
  }
  std::ifstream file(given[3], std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::string option = std::string("-arch=") + given[2];
  const char *options[] = {option.c_str()};
  Handle link = nullptr;
  int status = function<int(Handle *, uint32_t, const char **)>(library, "nvJitLinkCreate")(&link, 1, options);
  if (status != 0) {
    std::printf("nvJitLinkCreate: %d\n", status);
    return 2;
  }
  status = function<int(Handle, int, const void *, size_t, const char *)>(library, "nvJitLinkAddData")(
      link, PTX, text.c_str(), text.size() + 1, "kernels");
  if (status == 0) {
    status = function<int(Handle)>(library, "nvJitLinkComplete")(link);
  }
  size_t size = 0;
  function<int(Handle, size_t *)>(library, "nvJitLinkGetErrorLogSize")(link, &size);
  std::string log(size, '\0');
  function<int(Handle, char *)>(library, "nvJitLinkGetErrorLog")(link, &log[0]);
  std::printf("%s\n", log.c_str());
  return status == 0 ? 0 : 1;
}
