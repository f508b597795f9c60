// What code that clang compiled with -fwasm-exceptions calls to throw and to catch: Debian's C++ library for
// WebAssembly has the types (whether a handler's type takes what was thrown), and not this.
// Itanium C++ ABI: Exception Handling; the tables are those of libc++abi's __gxx_personality_wasm0.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <typeinfo>

namespace {

// In WebAssembly a destructor gives back what it was given.
using Destructor = void *(void *);

// What stands before each exception. The value that WebAssembly throws is the exception's address.
struct alignas(16) Head {
  Head *below;
  const std::type_info *type;
  Destructor *destroy;
  // What the handler gets: the base that it named, or what the pointer points to.
  void *adjusted;
  // Handlers that are in it; negative while it is thrown again.
  int handlers;
};

// Those that are being handled, innermost first: there are no threads.
Head *handled;

Head *head_of(void *thrown) { return static_cast<Head *>(thrown) - 1; }

// The number of C++'s tag.
constexpr int CPP_EXCEPTION = 0;

std::uint32_t unsigned_leb(const std::uint8_t *&at) {
  std::uint32_t value = 0;
  for (int shift = 0;; shift += 7) {
    const std::uint8_t byte = *at++;
    value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

std::int32_t signed_leb(const std::uint8_t *&at) {
  std::uint32_t value = 0;
  int shift = 0;
  std::uint8_t byte;
  do {
    byte = *at++;
    value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    shift += 7;
  } while (byte >= 0x80);
  if (shift < 32 && (byte & 0x40) != 0) value |= ~0U << shift;
  return static_cast<std::int32_t>(value);
}

}  // namespace

namespace __cxxabiv1 {
// As libc++abi declares it.
class __shim_type_info : public std::type_info {
 public:
  ~__shim_type_info() override;
  virtual void noop1() const;
  virtual void noop2() const;
  virtual bool can_catch(const __shim_type_info *thrown, void *&adjusted) const = 0;
};
}  // namespace __cxxabiv1

extern "C" {

// A landing pad says here which one it is, and reads which of its handlers takes the exception: 0 for none.
struct LandingPad {
  std::uintptr_t index;
  const std::uint8_t *table;
  std::uintptr_t selector;
} __wasm_lpad_context;

// Never called: it marks a function whose table is as below.
int __gxx_wasm_personality_v0(...) { return 0; }

void *__cxa_allocate_exception(std::size_t size) {
  Head *made = static_cast<Head *>(std::malloc(sizeof(Head) + size));
  if (made == nullptr) std::abort();
  *made = Head{};
  return made + 1;
}

void __cxa_free_exception(void *thrown) { std::free(head_of(thrown)); }

[[noreturn]] void __cxa_throw(void *thrown, std::type_info *type, Destructor *destroy) {
  Head *head = head_of(thrown);
  head->type = type;
  head->destroy = destroy;
  head->adjusted = thrown;
  __builtin_wasm_throw(CPP_EXCEPTION, thrown);
}

void *__cxa_begin_catch(void *thrown) {
  Head *head = head_of(thrown);
  head->handlers = (head->handlers < 0 ? -head->handlers : head->handlers) + 1;
  if (head != handled) {
    head->below = handled;
    handled = head;
  }
  return head->adjusted;
}

void __cxa_end_catch() {
  Head *head = handled;
  if (head == nullptr) return;
  if (head->handlers < 0) {
    if (++head->handlers == 0) handled = head->below;
    return;
  }
  if (--head->handlers > 0) return;
  handled = head->below;
  if (head->destroy != nullptr) head->destroy(head + 1);
  __cxa_free_exception(head + 1);
}

[[noreturn]] void __cxa_rethrow() {
  Head *head = handled;
  if (head == nullptr) std::terminate();
  head->handlers = -head->handlers;
  __builtin_wasm_throw(CPP_EXCEPTION, head + 1);
}

int _Unwind_CallPersonality(void *thrown) {
  using Type = const __cxxabiv1::__shim_type_info;
  LandingPad &pad = __wasm_lpad_context;
  Head *head = head_of(thrown);
  pad.selector = 0;
  const std::uint8_t *at = pad.table;
  if (*at++ != 0xff) std::abort();  // where landing pads begin: left out
  at++;                             // how types are written: addresses
  const std::uint32_t types_offset = unsigned_leb(at);
  Type *const *types = reinterpret_cast<Type *const *>(at + types_offset);
  at++;  // how call sites are written: LEB128
  const std::uint32_t sites_size = unsigned_leb(at);
  const std::uint8_t *actions = at + sites_size;
  std::uint32_t action = 0;
  for (std::uintptr_t site = 0; site <= pad.index; site++) {
    unsigned_leb(at);  // its number
    action = unsigned_leb(at);
  }
  if (action == 0) return 0;
  at = actions + action - 1;
  for (;;) {
    const std::int32_t type_index = signed_leb(at);
    const std::uint8_t *next = at;
    const std::int32_t step = signed_leb(at);
    void *adjusted = head + 1;
    if (type_index > 0) {
      Type *type = types[-type_index];
      if (type == nullptr || type->can_catch(static_cast<Type *>(head->type), adjusted)) {
        head->adjusted = adjusted;
        pad.selector = type_index;
        return 0;
      }
    }
    if (step == 0) return 0;
    at = next + step;
  }
}

}  // extern "C"
