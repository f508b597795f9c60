/* random_get. */
#include "check.h"

static uint8_t big[1 << 20];

static bool all_are(const uint8_t *bytes, uint32_t size, uint8_t value) {
  for (uint32_t i = 0; i < size; i++)
    if (bytes[i] != value) return false;
  return true;
}

int main(void) {
  uint8_t small[64];
  memset(small, 0xa5, sizeof small);
  OK(sys_random_get(small, 0));
  HOLDS(all_are(small, sizeof small, 0xa5));
  for (uint32_t size = 1; size <= 40; size += 13) {
    memset(small, 0xa5, sizeof small);
    OK(sys_random_get(small + 8, size));
    HOLDS(all_are(small, 8, 0xa5));
    HOLDS(all_are(small + 8 + size, sizeof small - 8 - size, 0xa5));
  }
  uint8_t first[32], second[32];
  OK(sys_random_get(first, 32));
  OK(sys_random_get(second, 32));
  HOLDS(memcmp(first, second, 32) != 0);
  /* More than one underlying call can give (Web Crypto: 65,536 bytes). */
  static const uint32_t sizes[] = {65535, 65536, 65537, 1 << 20};
  for (uint32_t i = 0; i < 4; i++) {
    memset(big, 0, sizeof big);
    OK(sys_random_get(big, sizes[i]));
    HOLDS(!all_are(big, 64, 0));
    HOLDS(!all_are(big + sizes[i] - 64, 64, 0));
    if (sizes[i] < sizeof big) HOLDS(all_are(big + sizes[i], sizeof big - sizes[i], 0));
  }
  uint32_t seen[256] = {0}, missing = 0;
  for (uint32_t i = 0; i < sizeof big; i++) seen[big[i]]++;
  for (uint32_t i = 0; i < 256; i++)
    if (seen[i] < 3500 || seen[i] > 4700) missing++;
  EQUAL(missing, 0);
  HOSTILE(sys_random_get((void *)0xfffffff0, 8), FAULT);
  HOSTILE(sys_random_get(small, 0xffffffff), FAULT);
  return finish();
}
