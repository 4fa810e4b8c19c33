// SPDX-License-Identifier: Apache-2.0
#include "scratch/shifted_clock.h"

#include <sys/stat.h>

#include <fstream>

// The assembler includes the file that CMakeLists.txt builds.
asm(R"(
.pushsection .rodata
ballast_shifted_clock_begin:
.incbin ")" BALLAST_SHIFTED_CLOCK R"("
ballast_shifted_clock_end:
.popsection
)");
extern "C" {
extern const char ballast_shifted_clock_begin[];
extern const char ballast_shifted_clock_end[];
}

namespace ballast::scratch {

std::string InstallShiftedClock(const std::string& folder) {
  const std::string path = folder + "/shifted_clock.so";
  {
    std::ofstream file(path, std::ios::binary);
    file.write(ballast_shifted_clock_begin,
               ballast_shifted_clock_end - ballast_shifted_clock_begin);
  }
  chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  return "LD_PRELOAD=" + path;
}

}  // namespace ballast::scratch
