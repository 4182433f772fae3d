// Storage services for tests: an S3 bucket and Cloudinary's upload API, each of which checks the signature of every request by its own
// code, and refuses what is not signed as its documentation says.
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function serve(answer) {
  const service = { kept: new Map(), refused: [], requests: [], status: 0 };
  const server = http.createServer(async (request, response) => {
    const body = await bodyOf(request);
    service.requests.push(`${request.method} ${request.url.split('?')[0]}`);
    const refuse = (why) => {
      service.refused.push(why);
      response.writeHead(403).end(why);
    };
    if (service.status !== 0) return response.writeHead(service.status).end();
    answer(service, request, response, body, refuse);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  service.url = `http://127.0.0.1:${server.address().port}`;
  service.stop = () => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  return service;
}

/** "Authenticating Requests (AWS Signature Version 4)", read on the side of the service. */
function faultOfV4(request, body, { region, id, secret }) {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '');
  if (!match) return 'no signature';
  const [, user, day, where, names, signature] = match;
  if (user !== id || where !== region) return 'another key or region';
  const time = request.headers['x-amz-date'];
  const at = Date.parse(time?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!time?.startsWith(day) || !(Math.abs(at - Date.now()) < 15 * 60_000)) return 'another time';
  if (request.headers['x-amz-content-sha256'] !== sha256(body)) return 'other content';
  for (const needed of ['host', 'x-amz-content-sha256', 'x-amz-date']) if (!names.split(';').includes(needed)) return `${needed} is not signed`;
  const [path, query = ''] = request.url.split('?');
  const canonical = [request.method, path, query, ...names.split(';').map((name) => `${name}:${request.headers[name].trim()}`), '', names, sha256(body)].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secret}`, day), region));
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex') === signature ? null : 'wrong signature';
}

export const startS3 = (key) => serve((service, request, response, body, refuse) => {
  const fault = faultOfV4(request, body, key);
  if (fault) return refuse(fault);
  const name = request.url;
  if (!name.startsWith(`/${key.bucket}/`)) return response.writeHead(404).end();
  if (request.method === 'PUT') service.kept.set(name, body);
  if (request.method === 'DELETE') service.kept.delete(name);
  if (request.method !== 'GET') return response.writeHead(request.method === 'PUT' ? 200 : 204).end();
  if (!service.kept.has(name)) return response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  return response.writeHead(200).end(service.kept.get(name));
});

async function parametersOf(request, body) {
  const type = request.headers['content-type'] ?? '';
  if (request.method === 'GET') return new URL(request.url, 'http://x').searchParams;
  if (type.startsWith('application/x-www-form-urlencoded')) return new URLSearchParams(body.toString());
  return new globalThis.Response(body, { headers: { 'content-type': type } }).formData();
}

/** "Generating authentication signatures" of Cloudinary, read on its side. */
export const startCloudinary = ({ cloud, key, secret }) => serve(async (service, request, response, body, refuse) => {
  const parameters = await parametersOf(request, body);
  const unsigned = ['file', 'api_key', 'signature', 'cloud_name', 'resource_type'];
  const text = [...parameters.keys()].filter((name) => !unsigned.includes(name)).sort().map((name) => `${name}=${parameters.get(name)}`).join('&');
  if (parameters.get('api_key') !== key) return refuse('another key');
  if (Math.abs(Number(parameters.get('timestamp')) - Date.now() / 1000) > 3600) return refuse('another time');
  if (createHash('sha1').update(text + secret).digest('hex') !== parameters.get('signature')) return refuse('wrong signature');
  if (parameters.get('type') !== 'authenticated') return refuse('a resource that anybody could read');
  const [, version, where, kind, action] = new URL(request.url, 'http://x').pathname.split('/');
  if (version !== 'v1_1' || where !== cloud || kind !== 'raw') return response.writeHead(404).end();
  const name = parameters.get('public_id');
  if (action === 'upload') service.kept.set(name, Buffer.from(await parameters.get('file').arrayBuffer()));
  if (action === 'destroy') service.kept.delete(name);
  if (action !== 'download') return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ result: 'ok', public_id: name }));
  if (!service.kept.has(name)) return response.writeHead(404).end();
  return response.writeHead(200).end(service.kept.get(name));
});
