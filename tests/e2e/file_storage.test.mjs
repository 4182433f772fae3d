// Where files are kept (R-004-62, C-27): an S3 bucket and Cloudinary, whose stand-ins check every signature.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { aPerson } from './harness/accounts.mjs';
import { bytesOf, png, sendFile } from './harness/pictures.mjs';
import { launch, startServer } from './harness/server.mjs';
import { startCloudinary, startS3 } from './harness/storage.mjs';

const kKey = { region: 'eu-central-1', id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', bucket: 'pictures' };
const kCloud = { cloud: 'demo', key: '1234', secret: 'a secret of cloudinary' };

const started = [];
after(async () => {
  for (const each of started.reverse()) await each.stop();
});
async function kept(promise) {
  const each = await promise;
  started.push(each);
  return each;
}

const services = {
  S3: async () => {
    const service = await kept(startS3(kKey));
    const env = { S3_ENDPOINT: service.url, S3_BUCKET: kKey.bucket, S3_REGION: kKey.region, S3_ACCESS_KEY_ID: kKey.id, S3_SECRET_ACCESS_KEY: kKey.secret };
    return { service, env };
  },
  Cloudinary: async () => {
    const service = await kept(startCloudinary(kCloud));
    const env = { CLOUDINARY_API_BASE: service.url, CLOUDINARY_CLOUD_NAME: kCloud.cloud, CLOUDINARY_API_KEY: kCloud.key, CLOUDINARY_API_SECRET: kCloud.secret };
    return { service, env };
  },
};

for (const [name, start] of Object.entries(services)) {
  // R-004-62, K48, K50
  test(`${name} keeps files and pictures, and every request is signed`, { timeout: 60_000 }, async () => {
    const { service, env } = await start();
    const server = await kept(startServer({ env }));
    const ann = await aPerson(server.url);
    const bytes = randomBytes(3_000_000);
    bytes[0] = 1;
    const { status, body } = await sendFile(ann, '/api/files', 'file', bytes);
    assert.equal(status, 201, JSON.stringify(body));
    assert.ok((await bytesOf(server.url, body.data.url, { person: ann })).bytes.equals(bytes));
    assert.equal((await bytesOf(server.url, body.data.url)).status, 401, 'only the server has the key');
    const first = await sendFile(ann, '/api/users/me/avatar', 'avatar', png(100, 100));
    assert.equal((await bytesOf(server.url, first.body.data.avatar)).status, 200);
    const second = await sendFile(ann, '/api/users/me/avatar', 'avatar', png(90, 90));
    assert.equal((await bytesOf(server.url, second.body.data.avatar)).status, 200);
    assert.equal((await bytesOf(server.url, first.body.data.avatar)).status, 404);
    assert.deepEqual(service.refused, []);
    assert.equal(service.kept.size, 2, 'a file and a picture');
    assert.ok(!existsSync(join(server.data, 'files')), 'nothing is on the disk');
  });

  test(`${name} that fails is a 503 for the client, and the server goes on`, async () => {
    const { service, env } = await start();
    const server = await kept(startServer({ env }));
    const ann = await aPerson(server.url);
    const { url } = (await sendFile(ann, '/api/files', 'file', Buffer.from('hello'))).body.data;
    service.status = 500;
    assert.equal((await sendFile(ann, '/api/files', 'file', Buffer.from('hello'))).status, 503);
    assert.equal((await bytesOf(server.url, url, { person: ann })).status, 503);
    service.status = 302;
    assert.equal((await bytesOf(server.url, url, { person: ann })).status, 503, 'redirects are not followed');
    service.status = 0;
    assert.equal((await bytesOf(server.url, url, { person: ann })).status, 200);
    assert.ok(!server.output().includes(kKey.secret) && !server.output().includes(kCloud.secret));
  });
}

test('a wrong secret is refused by the service, and the log says that it refuses', async () => {
  const { service, env } = await services.S3();
  const server = await kept(startServer({ env: { ...env, S3_SECRET_ACCESS_KEY: 'another' } }));
  const ann = await aPerson(server.url);
  assert.equal((await sendFile(ann, '/api/files', 'file', Buffer.from('x'))).status, 503);
  assert.deepEqual(service.refused, ['wrong signature']);
  await server.logged('the refusal', ({ msg, status }) => msg === 'the S3 storage refuses' && status === 403);
});

// R-004-62
test('files of the disk outlive the server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-files-'));
  try {
    const env = { FILES_FOLDER: folder };
    const first = await kept(startServer({ env }));
    const ann = await aPerson(first.url);
    const { body } = await sendFile(ann, '/api/users/me/avatar', 'avatar', png(20, 20));
    const next = await kept(startServer({ env }));
    assert.equal((await bytesOf(next.url, body.data.avatar)).status, 200);
    assert.deepEqual(readdirSync(folder).sort(), ['_unfinished', 'avatars']);
    assert.deepEqual(readdirSync(join(folder, '_unfinished')), [], 'what is written there is renamed');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('half of the settings of a service stop the start', async () => {
  for (const env of [{ S3_BUCKET: 'b' }, { CLOUDINARY_CLOUD_NAME: 'c' }, { FILES_STORE: 's3' }, { FILES_STORE: 'tape' }]) {
    const server = launch(['serve', '--dev', '--listen', '127.0.0.1:0', '--database', 'memory:'], { env });
    const { code } = await server.exit;
    assert.notEqual(code, 0, JSON.stringify(env));
    assert.match(server.output(), /s3|cloudinary|files\.store/);
  }
});
