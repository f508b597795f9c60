type Span = { readonly text: string; readonly end: number };

/** Where a slash begins a regular expression and not a division: after an operator, a bracket or `return`. */
const beforeRegex = /(?:^|[(,=:[!&|?{};+\n]|=>|\breturn|\bcase)\s*$/;

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** The end of a quoted literal that begins at `start`; a backslash escapes, a class in a regex hides its slash. */
function endOfLiteral(source: string, start: number): number {
  const quote = source[start];
  let inClass = false;
  for (let index = start + 1; index < source.length; index += 1) {
    const char = source[index];
    if (char === "\\") index += 1;
    else if (char === "\n") return index;
    else if (quote === "/" && char === "[") inClass = true;
    else if (quote === "/" && char === "]") inClass = false;
    else if (char === quote && !inClass) return index + 1;
  }
  return source.length;
}

/** A template: its text is blanked, what stands in `${}` is masked as code. */
function maskTemplate(source: string, start: number): Span {
  let text = " ";
  let index = start + 1;
  while (index < source.length && source[index] !== "`") {
    if (source.startsWith("${", index)) {
      const code = maskUntil(source, index + 2, "}");
      text += `  ${code.text} `;
      index = code.end + 1;
    } else {
      const width = source[index] === "\\" ? 2 : 1;
      text += blank(source.slice(index, index + width));
      index += width;
    }
  }
  return { text: `${text} `, end: index + 1 };
}

/** The comment or literal that begins at `index`, blanked, or null where code stands. */
function maskSpan(source: string, index: number): Span | null {
  const char = source[index];
  const ending = (end: number): Span => ({ text: blank(source.slice(index, end)), end });
  if (source.startsWith("//", index)) {
    const newline = source.indexOf("\n", index);
    return ending(newline < 0 ? source.length : newline);
  }
  if (source.startsWith("/*", index)) {
    const close = source.indexOf("*/", index);
    return ending(close < 0 ? source.length : close + 2);
  }
  if (char === "`") return maskTemplate(source, index);
  if (char === '"' || char === "'") return ending(endOfLiteral(source, index));
  const isRegex = char === "/" && beforeRegex.test(source.slice(Math.max(0, index - 40), index));
  return isRegex ? ending(endOfLiteral(source, index)) : null;
}

function maskUntil(source: string, start: number, stop: string): Span {
  let text = "";
  let index = start;
  let depth = 0;
  while (index < source.length) {
    const span = maskSpan(source, index);
    if (span === null) {
      const char = source.charAt(index);
      if (depth === 0 && char === stop) return { text, end: index };
      depth += char === "{" ? 1 : char === "}" ? -1 : 0;
      text += char;
      index += 1;
    } else {
      text += span.text;
      index = span.end;
    }
  }
  return { text, end: index };
}

/** The source with comments and the contents of literals as spaces, every other character at its old offset. */
export function maskSource(source: string): string {
  return maskUntil(source, 0, "").text;
}
