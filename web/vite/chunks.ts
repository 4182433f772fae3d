// Chunks are named after the part of the client that they hold (DESIGN §15), so that size.mjs and people can tell them apart.

interface Chunk {
  readonly name: string;
  readonly moduleIds: readonly string[];
}

const kParts: readonly (readonly [folder: string, name: string])[] = [
  ['/src/ui/call/', 'call'], ['/src/media/', 'call'], ['/src/ui/pages/', 'pages'], ['/src/ui/parts/', 'parts'], ['/@base-ui/', 'parts'],
];

export function chunkName(chunk: Chunk): string {
  const part = kParts.find(([folder]) => chunk.moduleIds.some((id) => id.includes(folder)));
  return `assets/${part?.[1] ?? '[name]'}-[hash].js`;
}
