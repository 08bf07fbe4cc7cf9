const width = 4;
const zero = 48;

/** How many numbers have four digits, with zeros in front. */
export const numbersOfFourDigits = 10 ** width;

const digits = new DataView(new ArrayBuffer(width * numbersOfFourDigits));
for (let number = 0; number < numbersOfFourDigits; number++) {
  for (let index = width - 1, rest = number; index >= 0; index--, rest = Math.floor(rest / 10))
    digits.setUint8(width * number + index, zero + (rest % 10));
}

/** Writes a number below ten thousand as four digits. */
export function writeFourDigits(to: DataView, at: number, number: number): void {
  to.setUint32(at, digits.getUint32(width * number));
}

/** Writes a number below a billion as nine digits. */
export function writeNineDigits(to: DataView, at: number, number: number): void {
  const upper = Math.floor(number / numbersOfFourDigits);
  const first = Math.floor(upper / numbersOfFourDigits);
  to.setUint8(at, zero + first);
  writeFourDigits(to, at + 1, upper % numbersOfFourDigits);
  writeFourDigits(to, at + 1 + width, number % numbersOfFourDigits);
}
