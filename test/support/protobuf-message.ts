/** A message of protobuf: fields by number, each a number, a text or bytes, or several of them. */
export function protobufMessage(fields: Record<number, Field | Field[]>): Buffer {
  const parts = Object.entries(fields).flatMap(([number, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => field(Number(number), value)),
  );
  return Buffer.concat(parts);
}

type Field = number | string | Buffer;

function field(number: number, value: Field): Buffer {
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
