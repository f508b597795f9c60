import { fail, ok, type Result } from "../../core/result.ts";
import type { ModuleRefusal } from "./module-refusal.ts";
import { optimizeLater } from "./optimize-later.ts";
import { quoteName } from "./quote-name.ts";

/**
 * Compiles a module that judgeModule let pass. What V8 still finds wrong is a fault in some function's
 * types.
 */
export async function compileModule(bytes: Uint8Array): Promise<Result<WebAssembly.Module, ModuleRefusal>> {
  const end = optimizeLater(bytes.length);
  const waiting = setInterval(() => {}, A_LONG_TIME);
  try {
    return ok(await WebAssembly.compile(bytes));
  } catch (error) {
    return fail(refusalOf(String((error as { readonly message?: unknown } | null)?.message ?? error)));
  } finally {
    clearInterval(waiting);
    end();
  }
}

/**
 * Compiling goes on beside the event loop and does not keep it alive. A loop with nothing to wait for waits for V8's threads instead,
 * and hears nobody: one of them that needs a garbage collection then waits for it forever (nodejs/node#54918; 9 starts of 400 on
 * two busy cores).
 */
const A_LONG_TIME = 2 ** 30;

const ADVICE =
  "The module is not valid: build it again, or copy it again. (wasm-tools validate says more about a fault in its compiler.)";

/** V8 writes: WebAssembly.compile(): Compiling function #3:"main" failed: why it failed @+123 */
function refusalOf(message: string): ModuleRefusal {
  const text = message.replace(/^WebAssembly\.\w+\(\): /, "");
  const place = / @\+(\d+)$/.exec(text);
  const why = place === null ? text : text.slice(0, place.index);
  const inFunction = /^Compiling function #(\d+)(?::"(.*)")? failed: ([^]*)$/s.exec(why);
  const offset = Number(place?.[1] ?? 0);
  if (inFunction === null)
    return { what: `the module is not valid: ${quoteLine(why)}`, offset, advice: ADVICE };
  const [, index, name, fault] = inFunction;
  const label = name === undefined ? `function ${index}` : `function ${index} (${quoteName(name)})`;
  return { what: `${label} is not valid: ${quoteLine(fault ?? "")}`, offset, advice: ADVICE };
}

const MAX_LINE = 400;
const quoteLine = (text: string): string => text.slice(0, MAX_LINE).split(" ").map(quoteName).join(" ");
