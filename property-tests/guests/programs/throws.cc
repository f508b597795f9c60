// throws [ROUNDS]: C++ exceptions, by type, through destructors that print, thrown again, out of handlers.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Traced {
  std::string name;
  explicit Traced(std::string of) : name(std::move(of)) { std::printf("[%s", name.c_str()); }
  ~Traced() {
    std::printf(" %s]", name.c_str());
    std::fflush(stdout);
  }
};

struct Fault : std::runtime_error {
  int code;
  Fault(const std::string &text, int of) : std::runtime_error(text), code(of) {}
};
struct Other {
  virtual ~Other() = default;
  int weight = 7;
};
struct Both : Fault, Other {
  Both() : Fault("both", 3) { weight = 9; }
};

[[gnu::noinline]] void fail(int kind) {
  Traced here("fail " + std::to_string(kind));
  switch (kind) {
    case 0: throw Fault("fault", 42);
    case 1: throw 17;
    case 2: throw "words";
    case 3: throw Both();
    case 4: throw std::make_unique<int>(5);
    case 5: throw std::out_of_range("range");
    case 6: { int *none = nullptr; throw none; }
    default: std::printf(" no throw");
  }
}

[[gnu::noinline]] std::string caught(int kind) {
  try {
    Traced around("try");
    fail(kind);
    return "nothing";
  } catch (const Fault &fault) {
    Traced handler("handler");
    return "fault " + std::to_string(fault.code) + " " + fault.what();
  } catch (int number) {
    return "int " + std::to_string(number);
  } catch (const char *words) {
    return words;
  } catch (std::unique_ptr<int> &owned) {
    return "owned " + std::to_string(*owned);
  } catch (const std::exception &error) {
    return std::string("exception ") + error.what();
  } catch (...) {
    return "something";
  }
}

[[gnu::noinline]] void deeper(int depth) {
  Traced level(std::to_string(depth));
  try {
    if (depth == 0) throw Both();
    deeper(depth - 1);
  } catch (Other &other) {
    other.weight += depth;
    std::printf(" +%d", other.weight);
    if (depth % 3 == 2) throw std::out_of_range("was " + std::to_string(other.weight));
    throw;
  } catch (std::exception &) {
    std::printf(" again");
    throw;
  }
}

struct Quiet {
  ~Quiet() {
    try {
      throw 1;
    } catch (int) {
      std::printf(" quiet");
    }
  }
};

struct Member {
  Traced first{"first"};
  std::vector<int> values;
  explicit Member(int at) try : values{1, 2, 3} { values.at(at) = 0; } catch (const std::out_of_range &) {
    std::printf(" not made");
    throw;
  }
};

[[gnu::noinline]] unsigned step(unsigned value, unsigned round) {
  if (value % 3 == 0) throw Fault("thirds", static_cast<int>(round));
  if (value % 5 == 0) throw static_cast<int>(value % 1000);
  return value * 1664525u + 1013904223u;
}

[[gnu::noinline]] unsigned work(unsigned rounds) {
  unsigned value = 1;
  for (unsigned round = 0; round < rounds; round++) {
    try {
      std::unique_ptr<unsigned> held(new unsigned(value));
      value = step(*held, round);
    } catch (const Fault &fault) {
      try {
        value = step(value / 3 + static_cast<unsigned>(fault.code), round);
      } catch (...) {
        value += 2;
      }
    } catch (int rest) {
      value = value * 7 + static_cast<unsigned>(rest) + 1;
    }
  }
  return value;
}

}  // namespace

int main(int argc, char **argv) {
  for (int kind = 0; kind < 8; kind++) {
    const std::string what = caught(kind);
    std::printf(" %s\n", what.c_str());
  }
  try {
    deeper(7);
  } catch (const std::exception &error) {
    std::printf(" %s\n", error.what());
  }
  try {
    Quiet quiet;
    Member made(3);
  } catch (const std::exception &) {
    std::printf(" out of range\n");
  }
  std::vector<int> numbers{5, 3, 9, 1, 7};
  const std::function<bool(int, int)> compare = [](int one, int other) {
    if (one == 9 || other == 9) throw std::to_string(one + other);
    return one < other;
  };
  try {
    std::sort(numbers.begin(), numbers.end(), compare);
  } catch (const std::string &sum) {
    std::printf("compared %s\n", sum.c_str());
  }
  std::printf("%u\n", work(argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 1000));
}
