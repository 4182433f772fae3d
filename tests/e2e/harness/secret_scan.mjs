// Looks for secrets in what left the server: as they are, and in the forms in which they could leave it by mistake.
/** Base64 of `bytes` wherever they stand in a longer text: the characters that no neighbour changes, for each of the three places. */
function base64Cores(bytes) {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '');
    const spoiled = (offset + bytes.length) % 3 === 0 ? 0 : 1;  // the last character shares its bits with what follows
    return text.slice([0, 2, 3][offset], text.length - spoiled);
  });
}

export function formsOf(bytes) {
  const raw = bytes.toString('latin1');
  const hex = bytes.toString('hex');
  const cores = base64Cores(bytes);
  const url = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'));
  const escaped = Buffer.from(JSON.stringify(bytes.toString('utf8')).slice(1, -1)).toString('latin1');
  const percent = encodeURIComponent(bytes.toString('utf8'));
  return Object.entries({ raw, hex, HEX: hex.toUpperCase(), base64: cores, base64url: url, escaped, percent })
    .flatMap(([form, texts]) => [texts].flat().map((text) => ({ form, text })));
}

/**
 * `secrets`: { name, bytes, allowed? }, where `allowed(where)` tells the places at which it may stand; `captures`: { where, bytes }.
 * Answers lines of "name as form in where".
 */
export function findSecrets(secrets, captures) {
  const found = new Set();
  const searched = secrets.map((secret) => ({ ...secret, forms: formsOf(Buffer.from(secret.bytes)) }));
  for (const { where, bytes } of captures) {
    const text = Buffer.from(bytes).toString('latin1');
    for (const { name, forms, allowed = () => false } of searched)
      if (!allowed(where))
        for (const { form, text: wanted } of forms) if (text.includes(wanted)) found.add(`${name} as ${form} in ${where}`);
  }
  return [...found];
}
