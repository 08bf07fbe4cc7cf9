/*
 * Compares lines of a run with the bytes that the run has written, in AssemblyScript: `npm run wasm` compiles it into
 * src/load/matcher/line-matcher-wasm.ts. The host (src/load/matcher/line-matcher.ts) lays out the memory and sets the globals.
 *
 * Every text is a record of two numbers, where it begins and how many bytes it has. Behind everything in the memory there are 64 bytes
 * more, so that any 64 bytes can be read from any place.
 */

// What all lines of the run have in common. A line is, in its order:
// mark, name and slash of the source, sequence, text before the time, seconds of the time, nanoseconds, text behind the time, sequence,
// space, padding, tail of the source, sequence, end.
export let mark: usize = 0;
/** The text before the time and the seconds, which are written there. */
export let beforeNanoseconds: usize = 0;
/** Where the seconds stand. */
export let time: usize = 0;
export let behindTime: usize = 0;
export let end: usize = 0;

// The text that paddings are cut from: its bytes, where each word begins, and how words are chosen by a hash, as in src/load/text-pool.ts.
export let pool: usize = 0;
export let wordStarts: usize = 0;
const poolWords: u32 = 8192;
const fewestWords: u32 = 3;
const wordsSpread: u32 = 12;

// The sources, a record of twelve numbers each: head (text), tail (text), hash, the open run, which begins with 0 if there is none, and what is
// expected next: a sequence, eight bytes with its digits, and how many digits there are, which is 0 if nothing is expected.
export let sources: usize = 0;
/** Indices of sources by the hash of their name, plus one; 0 where there is none. */
export let names: usize = 0;
export let namesMask: u32 = 0;

// The clock of the run; `backlogLines` is 0 if it has no backlog.
export let epochMs: f64 = 0;
export let linesPerSecond: f64 = 1;
export let backlogLines: f64 = 0;
export let backlogSpanMs: f64 = 0;

/** The forms in which lines stand: as many addresses of a first part. */
export let frames: usize = 0;
export let frameCount: u32 = 0;

/** Records of three numbers: source plus one, first and last sequence of a run; or 0, first and last byte of texts that are no known lines. */
export let results: usize = 0;
export let resultCapacity: u32 = 0;
/** Indices of the sources that have an open run. */
export let openSources: usize = 0;

// The parts of a form, records of three numbers: its kind, and a text.
const partEnd: u32 = 0;
const partText: u32 = 1;
/** What may stand in a string of JSON without an escape. */
const partString: u32 = 2;
const partLine: u32 = 3;

const sourceBytes: u32 = 48;
const partBytes: usize = 12;
const resultBytes: u32 = 12;
const maxSequence: u64 = 1_000_000_000;
const nanosPerSecond: f64 = 1_000_000_000;

// The line that was matched last.
let source: u32 = 0;
let sequence: u32 = 0;
let lastFrame: u32 = 0;
let limit: usize = 0;
let writtenSeconds: f64 = NaN;
let writtenDay: f64 = NaN;
let isTimeWritable: bool = false;
let resultCount: u32 = 0;
let openCount: u32 = 0;

/**
 * Matches whole lines, each with its newline.
 *
 * @returns how many results there are
 */
export function matchLines(from: usize, to: usize): u32 {
  limit = to;
  resultCount = 0;
  openCount = 0;
  let at = from;
  let oddFrom: usize = 0;
  while (at < to) {
    const next = matchFrames(at);
    if (next == 0) {
      if (oddFrom == 0) {
        oddFrom = at;
        closeRuns();
      }
      at = behindNewline(at);
      continue;
    }
    if (oddFrom != 0) {
      addResult(0, <u32>oddFrom, <u32>at);
      oddFrom = 0;
    }
    addToRun();
    at = next;
  }
  if (oddFrom != 0) addResult(0, <u32>oddFrom, <u32>to);
  closeRuns();
  return resultCount;
}

function addToRun(): void {
  const record = sources + source * sourceBytes;
  const first = load<u32>(record, 20);
  if (first != 0) {
    if (sequence == load<u32>(record, 24) + 1) {
      store<u32>(record, sequence, 24);
      return;
    }
    addResult(source + 1, first, load<u32>(record, 24));
  } else {
    store<u32>(openSources + (openCount++ << 2), source);
  }
  store<u32>(record, sequence, 20);
  store<u32>(record, sequence, 24);
}

function closeRuns(): void {
  for (let index: u32 = 0; index < openCount; index++) {
    const open = load<u32>(openSources + (index << 2));
    const record = sources + open * sourceBytes;
    addResult(open + 1, load<u32>(record, 20), load<u32>(record, 24));
    store<u32>(record, 0, 20);
  }
  openCount = 0;
}

function addResult(kind: u32, from: u32, to: u32): void {
  // The host makes room for more results than lines can be in a block.
  if (resultCount >= resultCapacity) unreachable();
  const record = results + resultCount++ * resultBytes;
  store<u32>(record, kind);
  store<u32>(record, from, 4);
  store<u32>(record, to, 8);
}

function behindNewline(from: usize): usize {
  const newline = i8x16.splat(0x0a);
  for (let at = from; at < limit; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
    if (found != 0) return min(limit, at + ctz(found) + 1);
  }
  return limit;
}

/** Where the line that begins at a place ends, in any of the forms; 0 if none is known there. */
function matchFrames(at: usize): usize {
  if (lastFrame < frameCount) {
    const next = matchFrame(load<u32>(frames + (lastFrame << 2)), at);
    if (next != 0) return next;
  }
  for (let index: u32 = 0; index < frameCount; index++) {
    if (index == lastFrame) continue;
    const next = matchFrame(load<u32>(frames + (index << 2)), at);
    if (next == 0) continue;
    lastFrame = index;
    return next;
  }
  return 0;
}

function matchFrame(firstPart: usize, from: usize): usize {
  let at = from;
  for (let part = firstPart; at != 0; part += partBytes) {
    const kind = load<u32>(part);
    if (kind == partEnd) return at;
    if (kind == partLine) at = matchLine(at);
    else if (kind == partText) at = matchText(part + 4, at);
    else at = behindString(at);
  }
  return 0;
}

/** Behind what may stand in a string of JSON without an escape; 0 if the string does not end. */
function behindString(from: usize): usize {
  for (let at = from; at < limit; at += 16) {
    const bytes = v128.load(at);
    const quotes = v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c)));
    const found = i8x16.bitmask(v128.or(quotes, i8x16.lt_u(bytes, i8x16.splat(0x20))));
    if (found == 0) continue;
    const behind = at + ctz(found);
    return behind < limit ? behind : 0;
  }
  return 0;
}

/**
 * Most often a line is the one after that before it. To expect that first lets a processor begin with the next line before it is done with this
 * one: where that begins then does not depend on what was read.
 */
function matchLine(from: usize): usize {
  const digits = matchHead(from);
  if (digits == 0) return 0;
  const record = sources + source * sourceBytes;
  let length = <usize>load<u32>(record, 40);
  if (length != 0 && isSameShort(digits, record + 32, length) && <u32>load<u8>(digits + length) - 0x30 > 9) {
    sequence = load<u32>(record, 28);
  } else {
    length = readSequence(digits);
    if (length == 0) return 0;
  }
  if (!setTime()) return 0;
  let at = matchText(beforeNanoseconds, digits + length);
  if (at == 0 || nineDigits(at) != <u32>nanoseconds) return 0;
  at = matchText(behindTime, at + 9);
  if (at == 0 || !isSame(digits, at, length)) return 0;
  at += length;
  if (load<u8>(at) != 0x20) return 0;
  at = matchPadding(at + 1, load<u32>(record, 16));
  if (at == 0) return 0;
  at = matchText(record + 8, at);
  if (at == 0 || !isSame(digits, at, length)) return 0;
  at = matchText(end, at + length);
  if (at != 0) expectNext(record, load<u64>(digits), length);
  return at;
}

/** Writes down the digits of the next sequence of a source: those of this one, with the last one increased. */
function expectNext(record: usize, digits: u64, length: usize): void {
  store<u32>(record, sequence + 1, 28);
  let next = digits;
  let place: i64 = (<i64>length - 1) << 3;
  while (place >= 0 && ((next >> place) & 0xff) == 0x39) {
    next ^= <u64>0x09 << place;
    place -= 8;
  }
  // Of nines alone, the next number has one digit more.
  const isKnown = length <= 8 && place >= 0;
  store<u64>(record, isKnown ? next + (<u64>1 << place) : 0, 32);
  store<u32>(record, isKnown ? <u32>length : 0, 40);
}

/** Sets the source, most often to that of the line before. */
function matchHead(at: usize): usize {
  const known = matchText(sources + source * sourceBytes, at);
  if (known != 0) return known;
  const name = matchText(mark, at);
  if (name == 0 || !findSource(name)) return 0;
  return matchText(sources + source * sourceBytes, at);
}

function findSource(name: usize): bool {
  let hash: u32 = 0x811c9dc5;
  const last = min(limit, name + 65);
  let at = name;
  for (; at < last; at++) {
    const byte = <u32>load<u8>(at);
    if (byte == 0x2f) break;
    hash = (hash ^ byte) * 0x01000193;
  }
  if (at == last) return false;
  const length = load<u32>(mark, 4) + <u32>(at - name) + 1;
  let place = (hash ^ (hash >>> 15)) & namesMask;
  for (let index = load<u32>(names + (place << 2)); index != 0; index = load<u32>(names + (place << 2))) {
    const record = sources + (index - 1) * sourceBytes;
    if (load<u32>(record, 4) == length && isSame(name, load<u32>(record) + load<u32>(mark, 4), at - name)) {
      source = index - 1;
      return true;
    }
    place = (place + 1) & namesMask;
  }
  return false;
}

/** Reads the digits at a place, and says how many there are; most often they are fewer than eight, and read at once. */
function readSequence(from: usize): usize {
  const bytes = load<u64>(from);
  if (<u8>bytes == 0x30) return 0;
  // The first byte that is no digit has a bit of its upper half set that differs from that of the digits, or goes beyond it.
  const upper = (bytes ^ 0x3030303030303030) | ((bytes + 0x0606060606060606) ^ 0x3030303030303030);
  const others = upper & 0xf0f0f0f0f0f0f0f0;
  const count = <usize>ctz(others) >> 3;
  if (count == 0) return 0;
  if (count == 8) return readLongSequence(from);
  sequence = eightDigits(bytes << ((8 - count) << 3));
  return count;
}

function readLongSequence(from: usize): usize {
  let number: u64 = eightDigits(load<u64>(from));
  let at = from + 8;
  for (; at < from + 10; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) break;
    number = number * 10 + digit;
  }
  if (number > maxSequence) return 0;
  sequence = <u32>number;
  return at - from;
}

function matchPadding(at: usize, sourceHash: u32): usize {
  const hash = mixed(sourceHash ^ (sequence * 0x9e3779b1));
  const first = wordStarts + ((hash % poolWords) << 2);
  const count = fewestWords + ((hash >>> 16) % wordsSpread);
  const start = load<u32>(first);
  const length = load<u32>(first + (count << 2)) - 1 - start;
  if (at + length > limit) return 0;
  return isSamePadding(at, pool + start, length) ? at + length : 0;
}

/** Compares 64 bytes at once, since a loop of as many steps as each length needs is one that no processor can predict. */
function isSamePadding(one: usize, other: usize, length: u32): bool {
  if (length > 64) return isSame(one, other, length);
  const same = sameBytes(one, other) | (sameBytes(one + 32, other + 32) << 32);
  return ~same << (64 - length) == 0;
}

/** A bit for each of 32 bytes that is the same at both places. */
function sameBytes(one: usize, other: usize): u64 {
  const low = i8x16.bitmask(i8x16.eq(v128.load(one), v128.load(other)));
  const high = i8x16.bitmask(i8x16.eq(v128.load(one, 16), v128.load(other, 16)));
  return <u64>(<u32>low | ((<u32>high) << 16));
}

const noNumber: u32 = 0xffffffff;

/** The number that stands at a place in nine digits. */
function nineDigits(at: usize): u32 {
  const digits = load<u64>(at);
  const last = <u32>load<u8>(at, 8) - 0x30;
  const high = digits & 0xf0f0f0f0f0f0f0f0;
  const carried = (digits + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0;
  if ((high | (carried >> 4)) != 0x3333333333333333 || last > 9) return noNumber;
  return eightDigits(digits) * 10 + last;
}

/** The number of eight digits, of which the first may be bytes of 0: digits to pairs, and pairs to one number (Johnny Lee). */
// @ts-ignore: decorator
@inline
function eightDigits(digits: u64): u32 {
  const pairs = ((digits & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
  const fours = ((pairs & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return <u32>(((fours & 0x0000ffff0000ffff) * 42949672960001) >> 32);
}

function mixed(value: u32): u32 {
  let hash = (value ^ (value >>> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
  return hash ^ (hash >>> 16);
}

/** Where a text ends that stands at a place; 0 if it does not stand there. No text is empty. */
// @ts-ignore: decorator
@inline
function matchText(text: usize, at: usize): usize {
  const length = load<u32>(text, 4);
  if (at + length > limit) return 0;
  return isSame(at, load<u32>(text), length) ? at + length : 0;
}

// @ts-ignore: decorator
@inline
function isSame(one: usize, other: usize, length: usize): bool {
  if (length < 16) return isSameShort(one, other, length);
  const last = length - 16;
  for (let index: usize = 0; index < last; index += 16) {
    if (v128.any_true(v128.xor(v128.load(one + index), v128.load(other + index)))) return false;
  }
  return !v128.any_true(v128.xor(v128.load(one + last), v128.load(other + last)));
}

// @ts-ignore: decorator
@inline
function isSameShort(one: usize, other: usize, length: usize): bool {
  if (length <= 8) return ((load<u64>(one) ^ load<u64>(other)) << ((8 - length) << 3)) == 0;
  if (load<u64>(one) != load<u64>(other)) return false;
  return load<u64>(one + length - 8) == load<u64>(other + length - 8);
}

// The time of a line, by the same steps as in src/load/line-clock.ts, so that every rounding is the same.
let seconds: f64 = 0;
let nanoseconds: f64 = 0;

/** Sets the time of the sequence, and writes its seconds where they are compared; false if its year has more than four digits. */
function setTime(): bool {
  if (<f64>sequence <= backlogLines) setTimeInBacklog();
  else setTimeAtRate(<f64>sequence);
  if (seconds != writtenSeconds) writeSeconds();
  return isTimeWritable;
}

function setTimeAtRate(number: f64): void {
  const linesAfterFirst = number - 1;
  const wholeSeconds = Math.floor(linesAfterFirst / linesPerSecond);
  const linesInSecond = linesAfterFirst - wholeSeconds * linesPerSecond;
  const fraction = Math.floor((linesInSecond * nanosPerSecond) / linesPerSecond);
  const epochSeconds = Math.floor(epochMs / 1000);
  nanoseconds = (epochMs - epochSeconds * 1000) * 1_000_000 + min(max(fraction, 0.0), nanosPerSecond - 1);
  const carry: f64 = nanoseconds >= nanosPerSecond ? 1 : 0;
  seconds = epochSeconds + wholeSeconds + carry;
  nanoseconds = nanoseconds - carry * nanosPerSecond;
}

function setTimeInBacklog(): void {
  setTimeAtRate(backlogLines + 1);
  const ageMs = (backlogSpanMs * (backlogLines + 1 - <f64>sequence)) / backlogLines;
  const wholeSeconds = Math.floor(ageMs / 1000);
  const rest = nanoseconds - Math.floor((ageMs - wholeSeconds * 1000) * 1_000_000);
  seconds = rest < 0 ? seconds - wholeSeconds - 1 : seconds - wholeSeconds;
  nanoseconds = rest < 0 ? rest + nanosPerSecond : rest;
}

function writeSeconds(): void {
  writtenSeconds = seconds;
  const day = Math.floor(seconds / 86400);
  if (day != writtenDay) writeDay(day);
  const inDay = <u32>(seconds - day * 86400);
  writeDigits(time + 11, inDay / 3600, 2);
  writeDigits(time + 14, (inDay / 60) % 60, 2);
  writeDigits(time + 17, inDay % 60, 2);
}

/** Year, month and day of a day since 1970: in years that begin in March, in eras of 400 years (Howard Hinnant, days_from_civil). */
function writeDay(day: f64): void {
  writtenDay = day;
  const shifted = <i64>day + 719468;
  const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  isTimeWritable = year >= 0 && year <= 9999;
  if (!isTimeWritable) return;
  writeDigits(time, <u32>year, 4);
  writeDigits(time + 5, <u32>month, 2);
  writeDigits(time + 8, <u32>(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1), 2);
}

function writeDigits(at: usize, number: u32, count: usize): void {
  let rest = number;
  for (let index = count; index > 0; index--) {
    store<u8>(at + index - 1, <u8>(0x30 + (rest % 10)));
    rest /= 10;
  }
}
