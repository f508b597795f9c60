/* cpu-kernels NAME N: one of six small computations, N times or of size N, and what came out of it. No system
 * call but the last line. For bench: n-body, sort, fib, sieve, matmul, collatz. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct body {
  double place[3], speed[3], mass;
};

static double n_body(long rounds) {
  struct body bodies[5];
  for (int i = 0; i < 5; i++)
    for (int axis = 0; axis < 3; axis++) {
      bodies[i].place[axis] = (i + 1) * (axis + 1.5);
      bodies[i].speed[axis] = (i - 2) * 0.1 + axis * 0.01;
      bodies[i].mass = 1.0 + i * 0.3;
    }
  while (rounds-- > 0) {
    for (int i = 0; i < 5; i++)
      for (int j = i + 1; j < 5; j++) {
        double apart[3], square = 0.01;
        for (int axis = 0; axis < 3; axis++) {
          apart[axis] = bodies[i].place[axis] - bodies[j].place[axis];
          square += apart[axis] * apart[axis];
        }
        double pull = 0.001 / (square * sqrt(square));
        for (int axis = 0; axis < 3; axis++) {
          bodies[i].speed[axis] -= apart[axis] * bodies[j].mass * pull;
          bodies[j].speed[axis] += apart[axis] * bodies[i].mass * pull;
        }
      }
    for (int i = 0; i < 5; i++)
      for (int axis = 0; axis < 3; axis++) bodies[i].place[axis] += 0.001 * bodies[i].speed[axis];
  }
  return bodies[0].place[0] + bodies[4].speed[2];
}

static uint32_t state = 1;
static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}

static int compare(const void *one, const void *other) {
  uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
  return (a > b) - (a < b);
}

static double sort(long size) {
  uint32_t *numbers = malloc(size * sizeof *numbers), sum = 0;
  if (numbers == NULL) exit(1);
  for (long i = 0; i < size; i++) numbers[i] = next();
  qsort(numbers, size, sizeof *numbers, compare);
  for (long i = 0; i < size; i++) sum = sum * 31 + numbers[i];
  return sum;
}

static __attribute__((noinline)) uint32_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static double sieve(long size) {
  uint8_t *composite = calloc(size, 1);
  long count = 0;
  if (composite == NULL) exit(1);
  for (long i = 2; i < size; i++) {
    if (composite[i]) continue;
    count++;
    for (long j = i * 2; j < size; j += i) composite[j] = 1;
  }
  return count;
}

static double matmul(long size) {
  double *a = malloc(size * size * sizeof *a), *b = malloc(size * size * sizeof *b), trace = 0;
  if (a == NULL || b == NULL) exit(1);
  for (long i = 0; i < size * size; i++) a[i] = i % 7, b[i] = i % 5;
  for (long i = 0; i < size; i++)
    for (long j = 0; j < size; j++) {
      double sum = 0;
      for (long k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + j];
      if (i == j) trace += sum;
    }
  return trace;
}

static double collatz(long size) {
  uint32_t longest = 0;
  for (long i = 1; i < size; i++) {
    uint32_t steps = 0;
    for (uint64_t n = i; n != 1; steps++) n = n & 1 ? 3 * n + 1 : n / 2;
    if (steps > longest) longest = steps;
  }
  return longest;
}

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "fib";
  long size = argc > 2 ? strtol(argv[2], NULL, 10) : 20;
  double result;
  if (!strcmp(name, "n-body")) result = n_body(size);
  else if (!strcmp(name, "sort")) result = sort(size);
  else if (!strcmp(name, "fib")) result = fib(size);
  else if (!strcmp(name, "sieve")) result = sieve(size);
  else if (!strcmp(name, "matmul")) result = matmul(size);
  else if (!strcmp(name, "collatz")) result = collatz(size);
  else return 2;
  printf("%s %.9g\n", name, result);
  return 0;
}
