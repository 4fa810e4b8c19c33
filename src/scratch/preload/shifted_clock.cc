// SPDX-License-Identifier: Apache-2.0
// Loaded into a scratch server before the C library (LD_PRELOAD): its clock is kClockShift ahead.
// PostgreSQL reads the time of day with these three functions. The module uses nothing but the C
// library's syscall(), so that it fits every C library.
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include "scratch/clock_shift.h"

extern "C" {

long syscall(long number, ...);

int clock_gettime(clockid_t clock, struct timespec* now) {
  const long failed = syscall(SYS_clock_gettime, clock, now);
  const bool time_of_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (failed == 0 && time_of_day) now->tv_sec += ballast::scratch::kClockShiftSeconds;
  return static_cast<int>(failed);
}

int gettimeofday(struct timeval* now, void* /*zone*/) {
  struct timespec precise {};
  const int failed = clock_gettime(CLOCK_REALTIME, &precise);
  if (failed != 0) return failed;
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* now) {
  struct timespec precise {};
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now != nullptr) *now = precise.tv_sec;
  return precise.tv_sec;
}

}  // extern "C"
