/** Where a photo was taken, read from its EXIF block before the photo is drawn again without it. */

const GPS = 0x8825;
const HEAD = 131_072; // bytes in which cameras write the block

/** Latitude and longitude in degrees (WGS-84), or null. */
export async function position(file: Blob): Promise<[number, number] | null> {
  try {
    return read(new DataView(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    return null;
  }
}

function read(bytes: DataView): [number, number] | null {
  if (bytes.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 10 < bytes.byteLength) {
    const marker = bytes.getUint16(at);
    if (marker === 0xffe1 && bytes.getUint32(at + 4) === 0x45786966) return directory(bytes, at + 10);
    if ((marker & 0xff00) !== 0xff00) return null;
    at += 2 + bytes.getUint16(at + 2);
  }
  return null;
}

function directory(bytes: DataView, base: number): [number, number] | null {
  const little = bytes.getUint16(base) === 0x4949;
  const gps = entries(bytes, base + bytes.getUint32(base + 4, little), little).get(GPS);
  if (gps === undefined) return null;
  const found = entries(bytes, base + bytes.getUint32(gps + 8, little), little);
  const lat = degrees(bytes, base, found.get(2), little);
  const lon = degrees(bytes, base, found.get(4), little);
  if (lat === null || lon === null || (lat === 0 && lon === 0)) return null;
  return [letter(bytes, found.get(1)) === "S" ? -lat : lat, letter(bytes, found.get(3)) === "W" ? -lon : lon];
}

/** The entries of one directory: tag → where it stands. */
function entries(bytes: DataView, at: number, little: boolean): Map<number, number> {
  const count = bytes.getUint16(at, little);
  const found = new Map<number, number>();
  for (let n = 0; n < count; n += 1) found.set(bytes.getUint16(at + 2 + n * 12, little), at + 2 + n * 12);
  return found;
}

function letter(bytes: DataView, entry: number | undefined): string {
  return entry === undefined ? "" : String.fromCharCode(bytes.getUint8(entry + 8));
}

/** Three fractions: degrees, minutes, seconds. */
function degrees(bytes: DataView, base: number, entry: number | undefined, little: boolean): number | null {
  if (entry === undefined) return null;
  const at = base + bytes.getUint32(entry + 8, little);
  let sum = 0;
  for (let n = 0; n < 3; n += 1) {
    const below = bytes.getUint32(at + n * 8 + 4, little);
    sum += below ? bytes.getUint32(at + n * 8, little) / below / 60 ** n : 0;
  }
  return Number.isFinite(sum) ? sum : null;
}
