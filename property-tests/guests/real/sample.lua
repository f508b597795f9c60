-- Throws errors and catches them, wherever Lua lets one: `lua.wasm /sample.lua x y` prints what is in sample.lua.expected.
print(_VERSION, #arg, arg[1], arg[2])

-- Errors that are values of any kind, and errors of the interpreter.
print(pcall(error, "plain", 0))
print(pcall(error, "placed"))
print(select("#", pcall(error)), (pcall(error, nil)))
local ok, caught = pcall(error, { code = 42 })
print(ok, type(caught), caught.code)
for _, faulty in ipairs {
  function() local nothing; return nothing.field end,
  function() return 1 + {} end,
  function() return #5 end,
  function() return "a" < 1 end,
  function() return 1 // 0 end,
  function() return ("x"):rep(-1):bad() end,
  function() return string.rep("x", 1 << 40) end,
  function() return math.tointeger(2 ^ 53) & 1.5 end,
  function() return setmetatable({}, { __metatable = 1 }), setmetatable(setmetatable({}, { __metatable = 1 }), {}) end,
  function() for step = 1, 10, 0 do print(step) end end,
} do
  print(pcall(faulty))
end
print(load("x = = 1", "chunk"))
print(pcall(load, nil))

-- Nested, rethrown with more said each time, with handlers that see the place.
local function layer(depth)
  if depth == 0 then error("bottom", 0) end
  local fine, message = pcall(layer, depth - 1)
  error(message .. "<" .. depth, 0)
end
print(pcall(layer, 12))
print(xpcall(layer, function(message) return "handled " .. message:upper() end, 3))
local function tracked() return (debug.traceback("here", 1):gsub("\n.*", "")) end
print(xpcall(error, tracked))

-- Recursion without end is an error too, and the interpreter goes on.
local function endless(n) return 1 + endless(n + 1) end
local finished, overflow = pcall(endless, 1)
print(finished, (overflow:match("stack overflow")))

-- Through metamethods, iterators, sort's comparison, gsub's replacement, and the end of a scope.
local strict = setmetatable({}, {
  __index = function(_, key) error("no field " .. key, 0) end,
  __newindex = function(_, key, value) error(("cannot set %s to %q"):format(key, value), 0) end,
  __add = function() error("sum", 0) end,
  __call = function(_, ...) error(table.concat({ ... }, "+"), 0) end,
  __tostring = function() error("no text", 0) end,
})
print(pcall(function() return strict.colour end))
print(pcall(function() strict.size = "ten" end))
print(pcall(function() return strict + 1 end))
print(pcall(strict, 1, 2, 3))
print(pcall(tostring, strict))
print(pcall(table.sort, { 3, 1, 2 }, function() error("compared", 0) end))
print(pcall(string.gsub, "abc", "%w", function(letter) if letter == "b" then error("at b", 0) end end))
local closed = {}
local function closing(name)
  return setmetatable({}, { __close = function(_, why) closed[#closed + 1] = name .. ":" .. tostring(why) end })
end
print(pcall(function()
  local outer <close> = closing("outer")
  local inner <close> = closing("inner")
  error("left early", 0)
end))
print(table.concat(closed, " "))

-- Out of coroutines, across yields, and into a pcall that yields in its middle.
local worker = coroutine.wrap(function(sum)
  while true do
    local fine, value = pcall(function() return coroutine.yield(sum) * 2 end)
    sum = fine and sum + value or #value
  end
end)
print(worker(1), worker(10), worker(20), worker("x"), worker(5))
local thread = coroutine.create(function() coroutine.yield(1); error({ from = "thread" }) end)
print(coroutine.resume(thread))
local resumed, thrown = coroutine.resume(thread)
print(resumed, thrown.from, coroutine.status(thread), (coroutine.close(thread)))
print(pcall(coroutine.wrap(function() error("once", 0) end)))

-- A parser that finds its way by errors: the deeper, the more handlers are open at once.
local function parse(text)
  local at = 1
  local function expression()
    local start = at
    local fine, value = pcall(function()
      if text:sub(at, at) ~= "(" then error("number", 0) end
      at = at + 1
      local left = expression()
      local operator = text:sub(at, at)
      at = at + 1
      local right = expression()
      if text:sub(at, at) ~= ")" then error({ at = at }) end
      at = at + 1
      if operator == "+" then return left + right end
      if operator == "*" then return left * right % 1000003 end
      error({ at = at, operator = operator })
    end)
    if fine then return value end
    if value ~= "number" then error(value) end
    at = start
    local digits = text:match("^%d+", at) or error({ at = at })
    at = at + #digits
    return tonumber(digits)
  end
  return expression()
end
local nested = "7"
for level = 1, 20 do nested = ("(%s%s%d)"):format(nested, level % 2 == 0 and "+" or "*", level) end
print(parse(nested))
local faulty, where = pcall(parse, (nested:gsub("%+10%)", "-10)")))
print(faulty, where.at, where.operator)

-- Work: a third of the calls throw, and the rest is closures, strings and tables.
local function counter()
  local count = 0
  return function(step)
    if step % 3 == 0 then error(step) end
    count = count + step
    return count
  end
end
local add, thrownSum = counter(), 0
for step = 1, 30000 do
  local fine, value = pcall(add, step)
  if not fine then thrownSum = thrownSum + value end
end
print(add(1) - 1, thrownSum)
local primes = {}
for candidate = 2, 4000 do
  local isPrime = pcall(function()
    for _, prime in ipairs(primes) do
      if prime * prime > candidate then break end
      if candidate % prime == 0 then error(prime, 0) end
    end
  end)
  if isPrime then primes[#primes + 1] = candidate end
end
print(#primes, primes[#primes])
local words = {}
for word in ("the quick brown fox jumps over the lazy dog the end"):gmatch("%a+") do words[word] = (words[word] or 0) + 1 end
local names = {}
for name in pairs(words) do names[#names + 1] = name end
table.sort(names, function(one, other) return words[one] > words[other] or words[one] == words[other] and one < other end)
for place, name in ipairs(names) do io.write(("%-6s%3d%s"):format(name, words[name], place % 3 == 0 and "\n" or " |")) end
print(("%5.2f|%-8s|%08x|%q|%s"):format(math.pi, "left", 48879, "a\nb", 1e100))
print(math.maxinteger + 1 == math.mininteger, 7 // -2, 7 % -2, 2 ^ 0.5, 10 // 0.3)
